using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>An export that nothing came of, as a row: it is there to be found and ended.</summary>
internal static class PlantedExport
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().NewExportKeyAsync(id, cancellationToken);
        var now = TimeProvider.System.Now();
        db.PackageExports.Add(new PackageExport
        {
            TenantId = tenant.Id,
            Id = id,
            For = Purpose.ShareExternal,
            Recipient = SealedText.Seal(key, tenant.Id, id, PackageExport.RecipientColumn, "Planted"),
            MemberId = tenant.Owner.Id,
            SessionId = Guid.NewGuid(),
            CreatedAt = now,
            ExpiresAt = now.AddDays(1),
            LicensedUntil = now.AddDays(1),
            State = ExportState.Refused,
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
