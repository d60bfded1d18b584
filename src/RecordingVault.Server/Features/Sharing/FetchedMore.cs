namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// Whether so much more was fetched than was played that somebody may keep a copy (security.md 8). A player that buffers ahead, seeks, or is left
/// before the end fetches somewhat more than it plays; that alone is nothing to point at.
/// </summary>
internal static class FetchedMore
{
    private const double Surplus = 0.45;
    private const double Whole = 0.95;

    /// <param name="fetched">Over all viewings of a link, as parts of the recording.</param>
    /// <param name="played">The same of what was played, repeats counted.</param>
    /// <param name="largestSurplus">The most that one viewing fetched above what it played.</param>
    public static bool ThanPlayed(double fetched, double played, double largestSurplus) =>
        largestSurplus >= Surplus || (fetched >= Whole && played <= fetched / 2);
}
