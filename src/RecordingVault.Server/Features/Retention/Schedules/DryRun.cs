using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>
/// Reckons what a rule would do, and changes nothing. It goes through the recordings that the rule is for a page at a time and keeps sums and the twenty that go first, so that it needs the same memory
/// for ten recordings and for a million.
/// </summary>
internal sealed class DryRun(VaultDbContext db, RetentionFactsReading reading, RecordingTitles titles, TimeProvider time)
{
    private const int PageLength = 500;
    private const int Shown = 20;

    private static readonly TimeSpan s_soon = TimeSpan.FromDays(30);

    /// <param name="rule">As it is or would be: for whom it is tells it.</param>
    /// <param name="after">Null where it is to go.</param>
    public async Task<DryRunFound> RunAsync(RetentionRule rule, RetentionRule? after, CancellationToken cancellationToken)
    {
        var found = new DryRunFound();
        var now = time.Now();
        for (var last = Guid.Empty; ;)
        {
            var page = await For(rule).Where(recording => recording.Id.CompareTo(last) > 0).OrderBy(recording => recording.Id).Take(PageLength)
                .Select(recording => new { recording.Id, recording.SizeInBytes }).ToListAsync(cancellationToken);
            if (page.Count == 0)
                return found;
            var ids = page.ConvertAll(row => row.Id);
            var sizes = page.ToDictionary(row => row.Id, row => row.SizeInBytes);
            var rules = await reading.RulesAsync(ids, cancellationToken);
            IReadOnlyList<RetentionRule> then = [.. rules.Where(other => other.Id != rule.Id), .. after is null ? Array.Empty<RetentionRule>() : [after]];
            var facts = await reading.FactsAsync(ids, cancellationToken);
            var held = (await db.LegalHolds.AsNoTracking().Where(hold => ids.Contains(hold.RecordingId) && hold.LiftedAt == null).Select(hold => hold.RecordingId).ToListAsync(cancellationToken)).ToHashSet();
            foreach (var (id, known) in facts)
                found.Add(id, DisposalDate.Of(rules, known), DisposalDate.Of(then, known.ObligationBefore == rule.Id ? known with { ObligedBefore = null } : known), sizes[id], held.Contains(id), now, now + s_soon, Shown);
            last = ids[^1];
        }
    }

    public async Task<PreviewResponse> ShowAsync(DryRunFound found, bool waits, CancellationToken cancellationToken)
    {
        var first = found.First();
        var names = await titles.OfAsync([.. first.Select(one => one.Id)], cancellationToken);
        return new PreviewResponse(
            found.Changed, found.Sooner, found.KeptLonger, found.OnHold, found.Due, found.DueSoon, found.SizeInBytes, found.From, found.To, waits,
            [.. first.Select(one => new PreviewRecording(one.Id, names.GetValueOrDefault(one.Id) ?? "", one.At))]);
    }

    /// <summary>What lies in the trash goes by its own day, and what is still arriving has none.</summary>
    private IQueryable<Recording> For(RetentionRule rule)
    {
        var all = db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed && recording.TrashedAt == null && recording.UploadedAt != null);
        var id = Guid.TryParse(rule.Target, out var read) ? read : Guid.Empty;
        var (label, source) = (RecordingNames.LabelOf(rule.Target), RecordingSources.Parse(rule.Target));
        return rule.Scope switch
        {
            RetentionScope.Tenant => all,
            RetentionScope.Source => all.Where(recording => recording.Source == source),
            RetentionScope.Label => all.Where(recording => recording.Label == label),
            RetentionScope.Collection => all.Where(recording => db.CollectedRecordings.Any(row => row.CollectionId == id && row.RecordingId == recording.Id)),
            _ => all.Where(recording => recording.Id == id),
        };
    }
}

/// <summary>The sums of a dry run.</summary>
internal sealed class DryRunFound
{
    /// <summary>The latest of them comes out first.</summary>
    private readonly PriorityQueue<(Guid Id, DateTimeOffset At), long> first = new();

    public int Changed { get; private set; }
    public int Sooner { get; private set; }
    public int KeptLonger { get; private set; }
    public int OnHold { get; private set; }
    public int Due { get; private set; }
    public int DueSoon { get; private set; }
    public long SizeInBytes { get; private set; }
    public DateTimeOffset? From { get; private set; }
    public DateTimeOffset? To { get; private set; }

    public IReadOnlyList<(Guid Id, DateTimeOffset At)> First() => [.. first.UnorderedItems.Select(item => item.Element).OrderBy(one => one.At).ThenBy(one => one.Id)];

    public void Add(Guid id, DisposalDate before, DisposalDate after, long size, bool isHeld, DateTimeOffset now, DateTimeOffset soon, int shown)
    {
        if (after.KeptUntil is { } until && (before.KeptUntil is not { } least || until > least))
            KeptLonger++;
        if (Ratchet.IsSooner(before, after))
            Sooner++;
        if (before.At == after.At && before.Action == after.Action && before.GraceInDays == after.GraceInDays)
            return;
        Changed++;
        if (isHeld)
            OnHold++;
        if (after.At is not { } at)
            return;
        Due += at <= now ? 1 : 0;
        DueSoon += at <= soon ? 1 : 0;
        SizeInBytes += size;
        From = From is { } from && from < at ? from : at;
        To = To is { } to && to > at ? to : at;
        first.Enqueue((id, at), -at.UtcTicks);
        if (first.Count > shown)
            first.Dequeue();
    }
}
