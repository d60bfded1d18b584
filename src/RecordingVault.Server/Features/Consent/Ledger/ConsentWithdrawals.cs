using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <summary>Who does not want to be kept, or watched inside, any more: then what the recording is kept for may be over. That nobody outside sees it is no reason to destroy it.</summary>
internal sealed class ConsentWithdrawals(VaultDbContext db) : IConsentWithdrawals
{
    private static readonly Purpose[] s_counting = [Purpose.Keep, Purpose.ViewInternal];

    public static bool Counts(Purpose purpose) => s_counting.Contains(purpose);

    public async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> SinceAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var withdrawn = await db.ConsentStates.AsNoTracking()
            .Where(state => recordingIds.Contains(state.RecordingId) && s_counting.Contains(state.Purpose) && state.Status == ConsentStatus.Withdrawn)
            .Select(state => new { state.RecordingId, state.SaidAt }).ToListAsync(cancellationToken);
        return withdrawn.GroupBy(state => state.RecordingId).ToDictionary(states => states.Key, states => states.Min(state => state.SaidAt));
    }
}
