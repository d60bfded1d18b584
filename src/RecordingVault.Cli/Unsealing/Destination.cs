using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Unsealing;

/// <summary>Where opened bytes go: a path, standard output, or (null) a place named after what is opened.</summary>
internal sealed record Destination(string? Path, bool Force, Terminal Terminal)
{
    private const string StandardOutput = "-";

    public bool IsStandardOutput => Path == StandardOutput;

    /// <summary>Writes one thing. A file appears whole or not at all; on standard output what was written before a failure is right, but not whole.</summary>
    public async Task WriteAsync(string defaultName, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        if (IsStandardOutput)
        {
            await write(Terminal.Bytes, cancellationToken);
            await Terminal.Bytes.FlushAsync(cancellationToken);
            return;
        }
        var path = Path ?? defaultName;
        await NewFile.WriteAsync(path, Force, write, cancellationToken);
        await Terminal.Out.WriteLineAsync(path);
    }
}
