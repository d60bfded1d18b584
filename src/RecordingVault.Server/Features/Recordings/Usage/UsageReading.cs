using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <summary>Gathers what says something about the use of recordings: the tenant's policy, their tags, consent, and the marks that came in with their files.</summary>
internal sealed class UsageReading(VaultDbContext db, IConsentAnswers consents)
{
    /// <summary>For a file whose marks nobody has read yet. Its words are its own place, so that a reader sees that it passes.</summary>
    private static readonly FoundMark s_unread = new("file", "not read yet", UsageRights.Nothing);

    public async Task<UsagePolicy> PolicyAsync(CancellationToken cancellationToken)
    {
        var tenant = await db.Tenants.AsNoTracking().Select(tenant => new { tenant.UsageTag, tenant.UsesNeedingConsent }).SingleAsync(cancellationToken);
        return new UsagePolicy(tenant.UsageTag, UsageWords.UsesOfRow(tenant.UsesNeedingConsent));
    }

    /// <summary>The uses that become looser with this tag, whatever they become, and need everybody's consent by the policy and do not have it.</summary>
    public async Task<IReadOnlyList<Use>> MissingConsentsAsync(Recording recording, UsageTag tag, CancellationToken cancellationToken)
    {
        var (policy, before) = (await PolicyAsync(cancellationToken), recording.UsageTag);
        var said = (await consents.FactsAsync([recording.Id], cancellationToken))[recording.Id];
        return [.. UsageRights.Uses.Where(use => before.Rights[use].Join(tag.Rights[use]) != tag.Rights[use] && policy.NeedConsent.Contains(use) && !said.GrantedByAll.Contains(use))];
    }

    public async Task<EffectiveUse> OfAsync(Recording recording, CancellationToken cancellationToken) => (await OfAsync([recording], cancellationToken))[recording.Id];

    public async Task<IReadOnlyDictionary<Guid, EffectiveUse>> OfAsync(IReadOnlyCollection<Recording> recordings, CancellationToken cancellationToken)
    {
        var policy = await PolicyAsync(cancellationToken);
        var ids = recordings.Select(recording => recording.Id).ToList();
        // What we made ourselves says nothing new: it comes out of what came in.
        var files = await db.RecordingAssets.AsNoTracking().Where(asset => ids.Contains(asset.RecordingId) && asset.DerivedFrom == null)
            .Select(asset => new { asset.RecordingId, Objections = db.AssetMarks.Where(marks => marks.Id == asset.Id).Select(marks => marks.Objections).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        var found = files.ToLookup(file => file.RecordingId, file => file.Objections is { } read ? new FoundMark("file", "its own mark", UsageWords.RightsOfRow(read)) : s_unread);
        var said = await consents.FactsAsync(ids, cancellationToken);
        return recordings.ToDictionary(recording => recording.Id, recording => EffectiveUse.Of(policy, recording.UsageTag, said[recording.Id], found[recording.Id]));
    }
}
