using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>Makes a tenant: its keys, its log and its first event, in one transaction.</summary>
internal sealed class TenantCreation(VaultDbContext db, TenantContext tenant, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const int LongestName = 200;

    public static Problem? Check(string name) =>
        string.IsNullOrWhiteSpace(name) ? Problem.Invalid("tenant", "give the organisation a name.")
        : name.Length > LongestName ? Problem.Invalid("tenant", "a name has at most 200 characters.")
        : null;

    /// <summary>Adds the tenant to the running transaction and enters it; the caller saves and commits.</summary>
    public async Task<Guid> AddAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        tenant.Enter(id);
        using var dataKey = await keys.NewTenantAsync(cancellationToken);
        var now = time.Now();
        db.Tenants.Add(new Tenant { TenantId = id, Name = SealedText.Seal(dataKey, id, id, Tenant.NameColumn, name.Trim()), CreatedAt = now });
        db.AuditHeads.Add(new AuditHead { TenantId = id });
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(new AuditEntry("tenant.created", actor, AuditTargetKind.Tenant, id), cancellationToken);
        return id;
    }
}
