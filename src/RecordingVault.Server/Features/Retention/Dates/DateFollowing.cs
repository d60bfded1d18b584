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
        for (var count = 0; count < pages; count++)
        {
            if (await PageAsync(after, cancellationToken) is not { } page)
                return new DatesFollowed(reckoned, changed, IsDone: true);
            // Something that is changed again meanwhile is for the next run: this one comes to an end.
            (reckoned, changed, after) = (reckoned + page.Reckoned, changed + page.Changed, page.Last);
        }

        return new DatesFollowed(reckoned, changed, IsDone: false);
    }

    /// <summary>The next page behind an id; null where nothing is left.</summary>
    public async Task<DatesPage?> PageAsync(Guid after, CancellationToken cancellationToken) =>
        await reckoning.StaleAsync(after, cancellationToken) is { Count: > 0 } stale ? new DatesPage(stale.Count, await reckoning.WriteAsync(stale, cancellationToken), stale[^1]) : null;
}

/// <param name="Reckoned">How many recordings were looked at.</param>
/// <param name="Changed">How many of them have another date now.</param>
/// <param name="IsDone">Nothing is left.</param>
internal sealed record DatesFollowed(int Reckoned, int Changed, bool IsDone);

/// <param name="Last">The id that the page ended with.</param>
internal sealed record DatesPage(int Reckoned, int Changed, Guid Last);
