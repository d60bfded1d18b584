using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <param name="State">none where no copy was asked for; else as <see cref="CutResponse"/> says it.</param>
/// <param name="Into">The copy.</param>
internal sealed record CutTold(string State, int Percent, string? Failure, Guid? Into)
{
    public static readonly CutTold Nothing = new("none", 0, null, null);
}

/// <summary>GET /recordings/{id}/edits/events: how far the newest copy is, told as it goes and until it is over.</summary>
internal static class CutEvents
{
    public static Task Handle(Guid id, HttpContext http, VaultDbContext db, SystemScope system, PageEvents events, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tenantId, pass) = (db.TenantId, MemberPass.Of(http));
        return events.TellAsync(
            http, http.User.SessionId() ?? http.User.TokenId() ?? tenantId, "cutting",
            token => LookAsync(id, tenantId, pass, system, time, token), told => told.State is "waiting" or "running", cancellationToken);
    }

    private static async Task<CutTold?> LookAsync(Guid id, Guid tenantId, MemberPass pass, SystemScope system, TimeProvider time, CancellationToken cancellationToken)
    {
        // In a scope of its own each time: who lost his role or left meanwhile hears nothing more.
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin or Role.Contributor })
            return null;
        if (await scope.ServiceProvider.GetRequiredService<CutReading>().FindAsync(id, cancellationToken) is not { Copies: var copies })
            return null;
        return copies is [var newest, ..] ? new CutTold(newest.State, newest.Percent, newest.Failure, newest.Into) : CutTold.Nothing;
    }
}
