using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;

namespace RecordingVault.Server.Features.Consent.Pages;

/// <param name="People">Who are named.</param>
/// <param name="Records">Records of the recording's ledger, which only grows.</param>
/// <param name="OpenTasks">What somebody's no left to decide.</param>
internal sealed record ConsentPulse(int People, int Records, int OpenTasks);

/// <summary>GET /recordings/{id}/consents/events: that something was said, so that whoever looks at the page sees it while he looks. Who said what is fetched by the page itself.</summary>
internal static class ConsentEvents
{
    public static Task Handle(Guid id, HttpContext http, VaultDbContext db, SystemScope system, PageEvents events, TimeProvider time, CancellationToken cancellationToken)
    {
        var (tenantId, pass) = (db.TenantId, MemberPass.Of(http));
        return events.TellAsync(http, http.User.SessionId() ?? http.User.TokenId() ?? tenantId, "consent", token => LookAsync(id, tenantId, pass, system, time, token), _ => true, cancellationToken);
    }

    private static async Task<ConsentPulse?> LookAsync(Guid id, Guid tenantId, MemberPass pass, SystemScope system, TimeProvider time, CancellationToken cancellationToken)
    {
        // In a scope of its own each time: who lost his role or left meanwhile hears nothing more.
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        if (await MemberStanding.ReadAsync(db, pass, time.Now(), cancellationToken) is not { Role: not Role.Auditor }
            || !await scope.ServiceProvider.GetRequiredService<ConsentReading>().IsThereAsync(id, cancellationToken))
            return null;
        return new ConsentPulse(
            await db.Participants.CountAsync(person => person.RecordingId == id, cancellationToken),
            await db.ConsentRecords.Where(record => record.RecordingId == id).MaxAsync(record => (int?)record.Number, cancellationToken) ?? 0,
            await db.ConsentTasks.CountAsync(task => task.RecordingId == id && task.ClosedAt == null, cancellationToken));
    }
}
