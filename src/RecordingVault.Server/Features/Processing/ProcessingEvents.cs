using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Processing;

/// <summary>GET /recordings/{id}/processing/events: how far the making of a recording is, told as it goes and until it is over.</summary>
internal static class ProcessingEvents
{
    public static Task Handle(Guid id, HttpContext http, VaultDbContext db, SystemScope system, PageEvents events, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tenantId, pass) = (db.TenantId, MemberPass.Of(http));
        return events.TellAsync(
            http, http.User.SessionId() ?? http.User.TokenId() ?? tenantId, "processing",
            token => LookAsync(id, tenantId, pass, system, time, token), told => told.State is "waiting" or "running", cancellationToken);
    }

    private static async Task<ProcessingResponse?> LookAsync(Guid id, Guid tenantId, MemberPass pass, SystemScope system, TimeProvider time, CancellationToken cancellationToken)
    {
        // In a scope of its own each time: who lost his role or left meanwhile hears nothing more.
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { Role: not Role.Auditor })
            return null;
        return await scope.ServiceProvider.GetRequiredService<RecordingReading>().FindAsync(id, cancellationToken) is { } recording ? recording.Processing ?? ProcessingResponse.NotBegun : null;
    }
}
