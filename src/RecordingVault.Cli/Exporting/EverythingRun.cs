using System.Globalization;
using System.Text.Json;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Exporting;

/// <summary>
/// Everything that the token may hand out, a package for each recording, into one folder (P9). Run again it goes on: what is there and verifies is not asked for again. What was
/// refused stands in a file, with the reason.
/// </summary>
internal sealed class EverythingRun(VaultClient vault, Terminal terminal, string folder)
{
    public const string RefusedFile = "refused.jsonl";
    private const int PageLength = 100;

    public async Task<ExitCode> RunAsync(Func<Guid, ExportQuestion> question, bool json, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var run = new ExportRun(vault);
        List<string> refused = [];
        var (packed, kept) = (0, 0);
        await foreach (var id in RecordingsAsync(cancellationToken))
        {
            var path = Path.Combine(folder, $"{id:D}.zip");
            if (await IsWholeAsync(path, cancellationToken))
            {
                kept++;
                continue;
            }

            try
            {
                // What is there and does not verify is replaced: it was never whole.
                await run.ToFileAsync(question(id), path, force: true, cancellationToken);
                packed++;
                await terminal.Out.WriteLineAsync(json ? JsonLine.Of(line => Packed(line, id, path)) : path);
            }
            catch (CommandException no) when (no.Code is ExitCode.Refused or ExitCode.Missing)
            {
                refused.Add(JsonLine.Of(line => Refused(line, id, no.Message)));
                await (json ? terminal.Out.WriteLineAsync(refused[^1]) : terminal.Error.WriteLineAsync($"vault: {id:D} was left out: {no.Message}"));
            }
        }

        await NewFile.WriteAsync(Path.Combine(folder, RefusedFile), force: true, async (file, token) =>
        {
            await using var text = new StreamWriter(file, leaveOpen: true);
            foreach (var line in refused) await text.WriteLineAsync(line.AsMemory(), token);
        }, cancellationToken);
        await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{packed} packed, {kept} were here already, {refused.Count} left out{(refused.Count > 0 ? $": see {RefusedFile}" : "")}."));
        return refused.Count == 0 ? ExitCode.Ok : ExitCode.Partial;
    }

    private async IAsyncEnumerable<Guid> RecordingsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await vault.AskAsync(
                vault.Request(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/recordings?limit={PageLength}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")), MessageJson.Default.PageAnswer, cancellationToken);
            if (page.Items is not { } items) throw vault.Strange();
            foreach (var item in items)
                yield return item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.TryGetGuid(out var recording) ? recording : throw vault.Strange();
            // A vault that gives no item, or the same place again, would be asked for ever.
            if (items.Count == 0 || page.NextCursor == cursor) yield break;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private static async Task<bool> IsWholeAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return false;
        try
        {
            await using var file = File.OpenRead(path);
            await PackageVerifier.VerifyAsync(file, cancellationToken);
            return true;
        }
        catch (PackageException)
        {
            return false;
        }
    }

    private static void Packed(Utf8JsonWriter line, Guid id, string path)
    {
        line.WriteString("recording", id);
        line.WriteString("file", path);
    }

    private static void Refused(Utf8JsonWriter line, Guid id, string reason)
    {
        line.WriteString("recording", id);
        line.WriteString("refused", reason);
    }
}
