namespace RecordingVault.Server.Features.Retention.Dates;

/// <summary>
/// Follows, for one tenant, what dates depend on: a page at a time, each in its own small transaction, so that whoever changes something waits for five hundred recordings at most. Killed anywhere,
/// the next run finds what is left, since the rows say which dates are old.
/// </summary>
internal sealed class DateFollowing(DateReckoning reckoning)
{
    /// <param name="pages">After so many it stops, and somebody else gets a turn.</param>
    public async Task<DatesFollowed> FollowAsync(CancellationToken cancellationToken, int pages = int.MaxValue)
    {
        var (reckoned, changed) = (0, 0);
        var after = Guid.Empty;
        for (var page = 0; page < pages; page++)
        {
            var stale = await reckoning.StaleAsync(after, cancellationToken);
            if (stale.Count == 0)
                return new DatesFollowed(reckoned, changed, IsDone: true);
            changed += await reckoning.WriteAsync(stale, cancellationToken);
            reckoned += stale.Count;
            // Something that is changed again meanwhile is for the next run: this one comes to an end.
            after = stale[^1];
        }

        return new DatesFollowed(reckoned, changed, IsDone: false);
    }
}

/// <param name="Reckoned">How many recordings were looked at.</param>
/// <param name="Changed">How many of them have another date now.</param>
/// <param name="IsDone">Nothing is left.</param>
internal sealed record DatesFollowed(int Reckoned, int Changed, bool IsDone);
