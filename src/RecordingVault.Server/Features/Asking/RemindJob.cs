using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Asking;

/// <summary>At start and every hour: writes once more to whoever was asked by letter and has not answered in half of his time.</summary>
internal sealed class RemindJob(SystemScope system, JobEdge edge) : ISystemJob
{
    public static string Name => "remind-of-consent";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken))
        {
            await edge.TryAsync(Name, tenantId, async () =>
            {
                await using var scope = system.Enter(tenantId);
                await scope.ServiceProvider.GetRequiredService<Reminding>().RemindAsync(cancellationToken);
            });
        }
    }
}

/// <summary>
/// Reminds the people of one tenant. The first link is kept nowhere, so the letter carries another one that opens the same question; both are good. Who was handed his link by hand is
/// not written to: nobody knows whether he wants that.
/// </summary>
internal sealed class Reminding(VaultDbContext db, TenantKeys keys, ConsentLetters letters, MemberDirectory members, Outbox outbox, AuditLog audit, JobEdge edge, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>Each in a transaction of its own: what fails is tried again in an hour, and holds up nobody else.</summary>
    public async Task RemindAsync(CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return;
        var now = time.Now();
        // Half of the time is reckoned here: databases subtract times each in their own way.
        var waiting = await Waiting(now).OrderBy(request => request.CreatedAt).ThenBy(request => request.Id).Select(request => new { request.Id, request.CreatedAt, request.ExpiresAt }).ToListAsync(cancellationToken);
        foreach (var request in waiting.Where(request => now - request.CreatedAt >= (request.ExpiresAt - request.CreatedAt) / 2).Take(AtOnce))
            await edge.TryAsync(RemindJob.Name, request.Id, () => RemindAsync(request.Id, cancellationToken));
    }

    private IQueryable<ConsentRequest> Waiting(DateTimeOffset now) => db.ConsentRequests.AsNoTracking().Where(request =>
        request.IsMailed && request.RemindedAt == null && request.AnsweredAt == null && request.StoppedAt == null && request.ExpiresAt > now
        && db.Recordings.Any(recording => recording.Id == request.RecordingId && recording.TrashedAt == null && !recording.IsBeingDestroyed));

    private async Task RemindAsync(Guid id, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var now = time.Now();
        // He may have answered since.
        if (!await Waiting(now).AnyAsync(request => request.Id == id, cancellationToken))
            return;
        var request = await db.ConsentRequests.SingleAsync(request => request.Id == id, cancellationToken);
        var person = await db.Participants.AsNoTracking().SingleOrDefaultAsync(person => person.Id == request.ParticipantId && person.RecordingId == request.RecordingId, cancellationToken);
        request.RemindedAt = now;
        using (var key = await keys.RecordingKeyAsync(request.RecordingId, cancellationToken))
        {
            var (name, address) = (person?.Name.Open(key, db.TenantId, person.Id, Participant.NameColumn), person?.Email?.Open(key, db.TenantId, person.Id, Participant.EmailColumn));
            var secret = SecretToken.New();
            // Whose address was taken away meanwhile is not written to, and not looked at again.
            if (address is { Length: > 0 } && await letters.RemindAsync(request, name!, address, await AskerAsync(request.CreatedBy, cancellationToken), secret, cancellationToken))
            {
                request.ReminderHash = ConsentRequest.HashSecret(id, secret);
                await audit.AppendAsync(new AuditEntry("consent.reminded", Actor.System, AuditTargetKind.Recording, request.RecordingId) { Fields = [("participant", $"{request.ParticipantId}")] }, cancellationToken);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<string> AskerAsync(Guid memberId, CancellationToken cancellationToken) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(member => member.Id == memberId, cancellationToken) is { } member ? members.NameOf(member) : "";
}
