using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recordings.Bulk;

/// <summary>Why one of several recordings can't be changed as was asked.</summary>
/// <param name="Title">Null where it is not there any more.</param>
public sealed record BulkRefusal(Guid Id, string? Title, string Sentence);

/// <summary>One change of several recordings, in one transaction: all of them or, with a sentence for each that stands in the way, none.</summary>
internal sealed class ChosenRecordings(VaultDbContext db, RecordingTitles titles, IRecordingKeeping keeping, AuditLog audit)
{
    public const int Most = 200;

    public static readonly Problem NoneChosen = new("none-chosen", 400, "Nothing was chosen. Go back to the library and tick the recordings that are meant.");
    public static readonly Problem TooManyChosen = new("too-many-chosen", 400, "At most 200 recordings are changed at once. Choose fewer.");

    /// <summary>The ids that a form chose, each once; what is no id of a recording is one that nobody has.</summary>
    public static Problem? Read(PostedForm form, out IReadOnlyList<Guid> ids)
    {
        ids = [.. form.All("recording").Select(text => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty).Distinct()];
        return ids.Count switch { 0 => NoneChosen, > Most => TooManyChosen, _ => null };
    }

    /// <param name="refusalOf">Why this one can't be changed; null where it can.</param>
    /// <param name="change">The change and its event; null where it is so already.</param>
    /// <returns>Who stands in the way; empty when all was done.</returns>
    public Task<IReadOnlyList<BulkRefusal>> ChangeAsync(
        IReadOnlyList<Guid> ids, Func<Recording, string?> refusalOf, Func<Recording, AuditEntry?> change, CancellationToken cancellationToken) =>
        ChangeAsync(ids, () => Task.FromResult(refusalOf), change, cancellationToken);

    /// <summary>A change that bytes would go by some day: what is on hold stands in its way.</summary>
    public Task<IReadOnlyList<BulkRefusal>> LetGoAsync(IReadOnlyList<Guid> ids, Func<Recording, AuditEntry?> change, CancellationToken cancellationToken) =>
        ChangeAsync(
            ids,
            async () =>
            {
                var held = await keeping.HoldsAsync(ids, cancellationToken);
                return recording => held.GetValueOrDefault(recording.Id)?.Sentence;
            },
            change,
            cancellationToken);

    /// <param name="look">Reads, behind the tenant's turn, what decides who stands in the way.</param>
    private async Task<IReadOnlyList<BulkRefusal>> ChangeAsync(
        IReadOnlyList<Guid> ids, Func<Task<Func<Recording, string?>>> look, Func<Recording, AuditEntry?> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Who else is about to change the row comes before this, or sees what came of it.
        await audit.TakeTurnAsync(cancellationToken);
        var found = await db.Recordings.Where(recording => ids.Contains(recording.Id) && !recording.IsBeingDestroyed).ToDictionaryAsync(recording => recording.Id, cancellationToken);
        if (await RefusalsAsync(ids, found, await look(), cancellationToken) is { Count: > 0 } refused)
            return refused;
        foreach (var id in ids)
        {
            if (change(found[id]) is not { } entry)
                continue;
            found[id].Touch();
            await audit.AppendAsync(entry, cancellationToken);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException fault) when (fault.Entries.Any(entry => entry.Entity is Recording))
        {
            return [.. fault.Entries.Select(entry => entry.Entity).OfType<Recording>().Select(recording => new BulkRefusal(recording.Id, null, Problem.ChangedMeanwhile.Title))];
        }

        await transaction.CommitAsync(cancellationToken);
        return [];
    }

    /// <summary>Who of them stands in the way, by rows that are read anew.</summary>
    public async Task<IReadOnlyList<BulkRefusal>> RefusalsAsync(IReadOnlyList<Guid> ids, Func<Recording, string?> refusalOf, CancellationToken cancellationToken)
    {
        var found = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id) && !recording.IsBeingDestroyed).ToDictionaryAsync(recording => recording.Id, cancellationToken);
        return await RefusalsAsync(ids, found, refusalOf, cancellationToken);
    }

    private async Task<IReadOnlyList<BulkRefusal>> RefusalsAsync(
        IReadOnlyList<Guid> ids, Dictionary<Guid, Recording> found, Func<Recording, string?> refusalOf, CancellationToken cancellationToken)
    {
        var refused = new List<(Guid Id, string Sentence)>();
        foreach (var id in ids)
        {
            if (!found.TryGetValue(id, out var recording))
                refused.Add((id, "It is not there any more."));
            else if (recording.TrashedAt is not null)
                refused.Add((id, "It lies in the trash. Take it out first."));
            else if (refusalOf(recording) is { } sentence)
                refused.Add((id, sentence));
        }

        if (refused.Count == 0)
            return [];
        var names = await titles.OfAsync([.. refused.Select(one => one.Id)], cancellationToken);
        return [.. refused.Select(one => new BulkRefusal(one.Id, names.GetValueOrDefault(one.Id), one.Sentence))];
    }

    public static AuditEntry Entry(string type, Actor actor, Recording recording) => new(type, actor, AuditTargetKind.Recording, recording.Id) { ChangesPermission = true };
}
