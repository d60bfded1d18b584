using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;

namespace RecordingVault.Server.Features.Retention.Dates;

/// <param name="Sentence">Why it is kept until its date.</param>
/// <param name="Rules">All schedules that are for it, the most specific first.</param>
/// <param name="Date">What the sentence tells.</param>
internal sealed record Keeping(string Sentence, IReadOnlyList<KeepingRule> Rules, DisposalDate Date, bool IsHeld, DateTimeOffset? KeptByHandUntil);

/// <param name="CountsFrom">When its trigger came to pass; null where it has not, and it does not apply yet.</param>
internal sealed record KeepingRule(RetentionRule Rule, string Name, DateTimeOffset? CountsFrom);

/// <summary>What the rules say of one recording now, reckoned for its pages and not read from the row: nothing is told that was true an hour ago.</summary>
internal sealed class KeepingReading(VaultDbContext db, RetentionFactsReading reading, HoldReading holds, TenantKeys keys)
{
    /// <summary>Null where it is not there, or is being destroyed.</summary>
    public async Task<Keeping?> OfAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if ((await reading.FactsAsync([recordingId], cancellationToken)).GetValueOrDefault(recordingId) is not { } facts)
            return null;
        var rules = (await reading.RulesAsync([recordingId], cancellationToken)).Where(rule => rule.AppliesTo(facts)).OrderByDescending(rule => rule.Scope).ThenBy(rule => rule.Id).ToList();
        var names = await NamesAsync([.. rules.Select(rule => rule.Id)], cancellationToken);
        var date = DisposalDate.Of(rules, facts);
        var isHeld = await holds.IsHeldAsync(recordingId, cancellationToken);
        return new Keeping(
            facts.UploadedAt is null ? "It is still arriving: periods count from when all of it is here." : KeepingWords.Sentence(date, isHeld, rules, facts, names),
            [.. rules.Select(rule => new KeepingRule(rule, names[rule.Id], facts.MomentOf(rule.Trigger)))], date, isHeld, facts.KeptUntil);
    }

    private async Task<Dictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];
        var rows = await db.RetentionSchedules.AsNoTracking().Where(schedule => ids.Contains(schedule.Id)).Select(schedule => new { schedule.Id, schedule.Name }).ToListAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Name.Open(key, db.TenantId, row.Id, RetentionSchedule.NameColumn));
    }
}
