using System.Text.Json;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Uploading;

/// <summary>Says at the end of each recording what became of it: a line for a person, or with `--json` an object for a script. Failures stand on standard error too.</summary>
internal sealed class UploadReport(Terminal terminal, Uri vault, bool json, bool quiet)
{
    public async Task SafeAsync(SafeRecording recording, RecordingPlan plan)
    {
        var url = new Uri(vault, $"/recordings/{recording.Id:D}").AbsoluteUri;
        if (json)
        {
            await terminal.Out.WriteLineAsync(JsonLine.Of(writer =>
            {
                writer.WriteString("recording", recording.Id);
                writer.WriteString("url", url);
                writer.WriteStartArray("files");
                foreach (var file in recording.Files)
                {
                    writer.WriteStartObject();
                    writer.WriteString("path", file.Upload.File.Shown);
                    writer.WriteString("role", file.Upload.Role);
                    writer.WriteNumber("bytes", file.Upload.File.Length);
                    writer.WriteNumber("resumedAt", file.ResumedAt);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteNumber("bytes", recording.Bytes);
                writer.WriteNumber("resumedAt", recording.ResumedAt);
                writer.WriteBoolean("complete", recording.Files.Count == plan.Files.Count);
                if (recording.ShareUrl is { } link) writer.WriteString("share", link);
            }));
            return;
        }

        var name = ShownText.Of(recording.Files[0].Upload.File.Shown);
        var others = recording.Files.Count > 1 ? $" and {recording.Files.Count - 1} more" : "";
        if (!quiet) await terminal.Out.WriteLineAsync($"Safe in the vault: {name}{others}, {Amounts.Bytes(recording.Bytes)}. {url}");
        if (recording.ShareUrl is { } share) await terminal.Out.WriteLineAsync(quiet ? share : $"Who has this link may watch it for 14 days:\n{share}");
    }

    public async Task FailAsync(LocalFile file, CommandException problem)
    {
        await terminal.Error.WriteLineAsync($"vault: {ShownText.Of(file.Shown)}: {problem.Message}");
        if (!json) return;
        await terminal.Out.WriteLineAsync(JsonLine.Of(writer =>
        {
            writer.WriteString("path", file.Shown);
            writer.WriteString("error", problem.Message);
            writer.WriteNumber("exitCode", (int)problem.Code);
        }));
    }

    public void LeaveOut(string path, string why)
    {
        if (!quiet) terminal.Error.WriteLine($"Left out: {ShownText.Of(path)}. {why}");
    }

}
