namespace RecordingVault.Cli;

/// <summary>Where a command's words and bytes go. Content goes to <paramref name="Bytes"/> only, and only when it was asked for with `-o -`.</summary>
internal sealed record Terminal(Stream Bytes, TextWriter Out, TextWriter Error)
{
    /// <summary>What was piped in; asked for where a secret is to come from there.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Reads a line that is not shown; null when no person sits there.</summary>
    public Func<string, CancellationToken, Task<string>>? AskHidden { get; init; }

    /// <summary>Whether <see cref="Error"/> is a screen, on which a line may be drawn again.</summary>
    public bool IsScreen { get; init; }
}
