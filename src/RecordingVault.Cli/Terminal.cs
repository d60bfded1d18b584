namespace RecordingVault.Cli;

/// <summary>Where a command's words and bytes go. Content goes to <paramref name="Bytes"/> only, and only when it was asked for with `-o -`.</summary>
internal sealed record Terminal(Stream Bytes, TextWriter Out, TextWriter Error);
