namespace RecordingVault.Server.Features.Members;

/// <summary>
/// What a token may be given content for: an allow-list of the release gate's own words. What is not in it is refused, also what the vault learns to
/// release later. It is chosen when the token is made and never changes.
/// </summary>
internal static class TokenPurposes
{
    /// <summary>What a token is for that nobody said more about: people watch, and take copies.</summary>
    public static readonly IReadOnlyList<string> Usual = ["view", "download"];

    /// <summary>The ways in which content leaves, and what it may be asked for beyond people's watching; the order of the words is theirs wherever they stand.</summary>
    public static readonly IReadOnlyList<string> All = [.. Usual, "transcribe", "ai-inference", "ai-training", "data-mining", "legal"];

    /// <summary>The words, each once; null where one is none of ours.</summary>
    public static IReadOnlyList<string>? Read(IEnumerable<string?> words)
    {
        var wanted = words.Select(word => word?.Trim().ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        return wanted.All(word => word is not null && All.Contains(word, StringComparer.Ordinal)) ? [.. All.Where(wanted.Contains)] : null;
    }

    /// <summary>As a row holds them.</summary>
    public static string Write(IReadOnlyList<string> purposes) => string.Join(' ', purposes);

    public static IReadOnlyList<string> OfRow(string stored) => stored.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static bool Cover(this IReadOnlyList<string> held, IReadOnlyList<string> wanted) => wanted.All(word => held.Contains(word, StringComparer.Ordinal));
}
