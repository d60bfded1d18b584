using System.Text.Json;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Exporting;

/// <summary>The recordings that were left out, each with its reason, as a file that grows while they are found: a run that is stopped has told what it knew.</summary>
internal sealed class RefusedList : IAsyncDisposable
{
    public const string FileName = "refused.jsonl";
    private readonly StreamWriter text;

    public RefusedList(string folder)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFolder.OwnerFile;
        text = new StreamWriter(new FileStream(Path.Combine(folder, FileName), options)) { AutoFlush = true };
    }

    public int Count { get; private set; }

    /// <returns>The line.</returns>
    public async Task<string> AddAsync(Guid recording, string reason)
    {
        var line = JsonLine.Of((Utf8JsonWriter writer) =>
        {
            writer.WriteString("recording", recording);
            writer.WriteString("refused", reason);
        });
        await text.WriteLineAsync(line);
        Count++;
        return line;
    }

    public ValueTask DisposeAsync() => text.DisposeAsync();
}
