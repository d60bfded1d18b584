using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <summary>What the gate asks the ledger, of one recording or of a page of them: by five queries at most, however many people and records there are.</summary>
internal sealed class ConsentQuestion(VaultDbContext db) : IConsentAnswers
{
    public async Task<IReadOnlyDictionary<Guid, ConsentVerdict>> AskAsync(IReadOnlyCollection<Recording> recordings, Purpose purpose, CancellationToken cancellationToken)
    {
        var ids = recordings.Select(recording => recording.Id).ToList();
        var policy = await PolicyAsync(cancellationToken);
        var tallies = await TalliesAsync(ids, cancellationToken);
        var reasoned = (await db.ConsentReasons.AsNoTracking().Where(why => ids.Contains(why.RecordingId) && why.Purpose == purpose).Select(why => why.RecordingId).ToListAsync(cancellationToken)).ToHashSet();
        return recordings.ToDictionary(
            recording => recording.Id, recording => ConsentRules.Decide(purpose, policy.For(recording.Label, purpose), tallies[recording.Id].Of(purpose), reasoned.Contains(recording.Id)));
    }

    /// <summary>What the policy says to every use of one recording, for its page.</summary>
    public async Task<IReadOnlyList<(Purpose Purpose, ConsentVerdict Verdict)>> OfAllAsync(Recording recording, CancellationToken cancellationToken)
    {
        var policy = await PolicyAsync(cancellationToken);
        var tally = (await TalliesAsync([recording.Id], cancellationToken))[recording.Id];
        var reasoned = await db.ConsentReasons.AsNoTracking().Where(why => why.RecordingId == recording.Id).Select(why => why.Purpose).ToListAsync(cancellationToken);
        return [.. ConsentPolicy.Purposes.Select(purpose => (purpose, ConsentRules.Decide(purpose, policy.For(recording.Label, purpose), tally.Of(purpose), reasoned.Contains(purpose))))];
    }

    public async Task<IReadOnlyDictionary<Guid, ConsentFacts>> FactsAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken) =>
        (await TalliesAsync(recordingIds, cancellationToken)).ToDictionary(pair => pair.Key, pair => FactsOf(pair.Value));

    public async Task<ConsentPolicy> PolicyAsync(CancellationToken cancellationToken)
    {
        var rows = await db.ConsentRules.AsNoTracking().ToListAsync(cancellationToken);
        var regions = await db.ConsentRegions.AsNoTracking().OrderBy(region => region.Code).Select(region => new RegionChoice(region.Code, region.Name, region.Rule)).ToListAsync(cancellationToken);
        return new ConsentPolicy(rows.ToDictionary(row => (RecordingNames.LabelOf(row.Label), row.Purpose), row => new PurposeRule(row.Needs, row.WhenMissing)), regions);
    }

    public async Task<IReadOnlyDictionary<Guid, RecordingTally>> TalliesAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var people = await db.Participants.AsNoTracking().Where(person => recordingIds.Contains(person.RecordingId))
            .GroupBy(person => person.RecordingId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var said = people.Count == 0 ? [] : await db.ConsentStates.AsNoTracking().Where(state => recordingIds.Contains(state.RecordingId))
            .GroupBy(state => new { state.RecordingId, state.Purpose, state.Status }).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var byRecording = said.ToLookup(group => group.Key.RecordingId);
        return recordingIds.ToDictionary(id => id, id => new RecordingTally(
            people.GetValueOrDefault(id), byRecording[id].ToDictionary(group => (group.Key.Purpose, group.Key.Status), group => group.Count)));
    }

    /// <summary>The uses of machines that everybody agreed to. Training, whatever is trained, is one purpose; for indexes of search engines nobody can agree.</summary>
    public static ConsentFacts FactsOf(RecordingTally tally) => new(UsageRights.Uses.Where(use => PurposeOf(use) is { } purpose && tally.Of(purpose) is { Objecting: 0 } said && said.IsFromAll(purpose)).ToFrozenSet());

    private static Purpose? PurposeOf(Use use) => use switch
    {
        Use.GenerativeTraining or Use.OtherTraining => Purpose.AiTraining,
        Use.Inference => Purpose.AiInference,
        Use.Mining => Purpose.DataMining,
        _ => null,
    };
}

/// <summary>What the people of one recording said, counted by purpose and status.</summary>
internal sealed record RecordingTally(int People, IReadOnlyDictionary<(Purpose Purpose, ConsentStatus Status), int> Said)
{
    public ConsentTally Of(Purpose purpose)
    {
        return new ConsentTally(People, Count(ConsentStatus.Given), Count(ConsentStatus.NotNeeded), Count(ConsentStatus.Refused) + Count(ConsentStatus.Withdrawn));

        int Count(ConsentStatus status) => Said.GetValueOrDefault((purpose, status));
    }
}
