namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>What the index may hold, and how much one request may open beside it (security.md 4).</summary>
/// <param name="TenantBytes">Memory for one tenant's words.</param>
/// <param name="NodeBytes">Memory for the words of all tenants.</param>
/// <param name="OpenedAtOnce">Recordings whose sealed words one request opens, because the index does not hold them. Past it the answer says how far back was searched.</param>
/// <param name="SaidOpenedAtOnce">Recordings whose words of captions, transcripts and chats one request fetches from the store. Past it the answer says how far back was searched.</param>
/// <param name="SortedAtOnce">Recordings that one request puts in the order of their titles.</param>
internal sealed record SearchLimits(long TenantBytes, long NodeBytes, int OpenedAtOnce, int SaidOpenedAtOnce = 500, int SortedAtOnce = 20_000)
{
    /// <summary>A request that took so long answers with what it has, and says how far back it came.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So long a page of results looks for the sentences that were meant; what is behind that says only that it was found in a text.</summary>
    public TimeSpan LongestForLines { get; init; } = TimeSpan.FromSeconds(5);

    public static readonly SearchLimits Default = new(64L * 1024 * 1024, 512L * 1024 * 1024, 10_000);
}
