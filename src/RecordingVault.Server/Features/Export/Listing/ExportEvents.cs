using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>How far an export is.</summary>
internal sealed record ExportProgress(string State, int Done, int Total);

/// <summary>GET /api/v1/exports/{id}/events: how far a package is, told as it goes and until it is packed or over.</summary>
internal static class ExportEvents
{
    public static async Task Handle(Guid id, HttpContext http, VaultDbContext db, ExportReach reach, SystemScope system, PageEvents events, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tenantId, pass) = (db.TenantId, MemberPass.Of(http));
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        var isHis = await db.PackageExports.AnyAsync(export => export.Id == id && purposes.Contains(export.For), cancellationToken);
        await events.TellAsync(
            http, http.User.SessionId() ?? http.User.TokenId() ?? tenantId, "export",
            async token => isHis ? await LookAsync(id, tenantId, pass, system, time, token) : null, told => told.State is "waiting" or "building", cancellationToken);
    }

    private static async Task<ExportProgress?> LookAsync(Guid id, Guid tenantId, MemberPass pass, SystemScope system, TimeProvider time, CancellationToken cancellationToken)
    {
        // In a scope of its own each time: who lost his role or left meanwhile hears nothing more.
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin or Role.Contributor })
            return null;
        var found = await db.PackageExports.AsNoTracking().Where(export => export.Id == id)
            .Select(export => new { export.State, export.Done, Total = db.PackageExportItems.Count(item => item.ExportId == id) }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new ExportProgress(found.State.Name(), found.State is ExportState.Waiting ? 0 : found.Done, found.Total);
    }
}
