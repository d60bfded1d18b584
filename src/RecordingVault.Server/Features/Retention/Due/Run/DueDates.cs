using RecordingVault.Server.Features.Retention.Dates;

namespace RecordingVault.Server.Features.Retention.Due.Run;

/// <summary>The first step of a night: what was reckoned from something older is reckoned anew, a page in a small transaction.</summary>
internal sealed class DueDates(DateReckoning reckoning)
{
    /// <returns>How many dates are others now, and the last id of the page; null at the end.</returns>
    public async Task<(int Changed, Guid? Last)> FollowAsync(Guid after, CancellationToken cancellationToken) =>
        await reckoning.StaleAsync(after, cancellationToken) is { Count: > 0 } page ? (await reckoning.WriteAsync(page, cancellationToken), page[^1]) : (0, null);
}
