using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Data;

internal sealed class NpgsqlVaultDb(DbContextOptions<NpgsqlVaultDb> options, TenantContext tenant) : VaultDbContext(options, tenant);
