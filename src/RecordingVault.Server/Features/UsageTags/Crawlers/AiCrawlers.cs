using System.Reflection;

namespace RecordingVault.Server.Features.UsageTags.Crawlers;

/// <summary>The AI crawlers and agents of the data file, by the names that they call themselves. Who lies about his name is not found here: this is a courtesy and a record, and no barrier (security.md 16).</summary>
internal static class AiCrawlers
{
    private const int LongestAgent = 1_024;

    /// <summary>As they are written, in the order of the file.</summary>
    public static readonly IReadOnlyList<string> Names = Read();

    /// <summary>The name in a user agent that is one of theirs, as a word of its own; null where there is none.</summary>
    public static string? Find(string userAgent)
    {
        var agent = userAgent.AsSpan(0, Math.Min(userAgent.Length, LongestAgent));
        foreach (var name in Names)
        {
            for (var at = 0; agent[at..].IndexOf(name, StringComparison.OrdinalIgnoreCase) is >= 0 and var found; at += found + 1)
            {
                var (before, after) = (at + found - 1, at + found + name.Length);
                if ((before < 0 || !IsOfName(agent[before])) && (after >= agent.Length || !IsOfName(agent[after])))
                    return name;
            }
        }

        return null;
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

    private static List<string> Read()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("RecordingVault.Server.Features.UsageTags.Crawlers.crawlers.txt") ?? throw new InvalidOperationException("The list of crawlers is part of the program.");
        using var text = new StreamReader(file);
        return [.. text.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
    }
}
