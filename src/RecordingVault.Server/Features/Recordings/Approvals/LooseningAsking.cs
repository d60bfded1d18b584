using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>Asks for a second person, where the organisation takes one's approval in the place of everybody's consent.</summary>
internal sealed class LooseningAsking(VaultDbContext db, LooseningReading reading, LooseningLetters letters, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const string Asked = "recording.loosening-asked";

    public Task<bool> IsAllowedAsync(CancellationToken cancellationToken) => db.Tenants.AnyAsync(tenant => tenant.ApprovalSince != null, cancellationToken);

    /// <summary>Behind the tenant's turn, in the running transaction: the caller saves and commits, and has looked whether this asker may loosen.</summary>
    /// <param name="missing">The uses that need everybody's consent and do not have it.</param>
    /// <returns>The request that waits now: the same one where somebody asked the same before.</returns>
    public async Task<Guid> AskAsync(Recording recording, UsageTag tag, IReadOnlyCollection<Use> missing, string reason, HttpContext http, CancellationToken cancellationToken)
    {
        var waiting = await reading.Live().Where(request => request.RecordingId == recording.Id).ToListAsync(cancellationToken);
        if (waiting.Find(request => request.Tag == tag && missing.All(UsageWords.UsesOfRow(request.Uses).Contains)) is { } same)
            return same.Id;
        // One thing waits at a time: two people who approve two wishes would each undo what the other saw.
        foreach (var other in waiting)
        {
            (other.State, other.EndedAt) = (LooseningState.Stale, time.Now());
            await letters.TellAsync(other, cancellationToken);
        }

        var (id, now) = (Guid.CreateVersion7(), time.Now());
        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        var request = new LooseningRequest
        {
            TenantId = db.TenantId,
            Id = id,
            RecordingId = recording.Id,
            AskedBy = http.User.MemberId(),
            CreatedAt = now,
            ExpiresAt = now + LooseningRequest.Life,
            Before = recording.UsageTag,
            Tag = tag,
            TagChanges = recording.TagChanges,
            Uses = UsageWords.WriteUses(missing),
            Reason = SealedText.Seal(key, db.TenantId, id, LooseningRequest.ReasonColumn, reason),
            State = LooseningState.Pending,
        };
        db.LooseningRequests.Add(request);
        await audit.AppendAsync(
            new AuditEntry(Asked, http.Actor(), AuditTargetKind.Recording, recording.Id) { Fields = [.. Fields(request), ("consent", request.Uses), ("why", reason)] }, cancellationToken);
        await letters.AskAsync(request, cancellationToken);
        return id;
    }

    /// <summary>What each event of a request says.</summary>
    public static IReadOnlyList<(string Name, string? Value)> Fields(LooseningRequest request) => [("request", request.Id.ToString()), ("tag", request.Tag.Name), ("before", request.Before.Name)];
}
