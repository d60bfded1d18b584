using System.Globalization;
using System.Text.Json;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;
using RecordingVault.Cli.Verifying;

namespace RecordingVault.Cli.Exporting;

/// <summary>
/// Everything that the token may hand out, a package for each recording, into one folder (P9). Run again it goes on: what is there, whole, of that recording and of this vault
/// is not asked for again. What was refused stands in a file, with the reason.
/// </summary>
internal sealed class EverythingRun(VaultClient vault, Terminal terminal, string folder)
{
    private const int PageLength = 100;

    private IReadOnlyList<KeptKey>? keys;
    private bool hasKeys;

    public async Task<ExitCode> RunAsync(Func<Guid, ExportQuestion> question, bool json, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var run = new ExportRun(vault);
        await using var refused = new RefusedList(folder);
        var (packed, kept) = (0, 0);
        await foreach (var id in RecordingsAsync(cancellationToken))
        {
            var path = Path.Combine(folder, $"{id:D}.zip");
            if (await IsHereAsync(path, question(id), cancellationToken))
            {
                kept++;
                continue;
            }

            try
            {
                // What is there and is not that package is replaced.
                await run.ToFileAsync(question(id), path, force: true, cancellationToken);
                packed++;
                await terminal.Out.WriteLineAsync(json ? JsonLine.Of(line => Packed(line, id, path)) : path);
            }
            catch (CommandException no) when (no.Code is ExitCode.Refused or ExitCode.Missing or ExitCode.Damaged)
            {
                var line = await refused.AddAsync(id, no.Message);
                await (json ? terminal.Out.WriteLineAsync(line) : terminal.Error.WriteLineAsync($"vault: {id:D} was left out: {no.Message}"));
            }
        }

        await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{packed} packed, {kept} were here already, {refused.Count} left out{(refused.Count > 0 ? $": see {RefusedList.FileName}" : "")}."));
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

    private async Task<bool> IsHereAsync(string path, ExportQuestion question, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return false;
        // Whatever signed a package that lies here was published before.
        if (!hasKeys) (keys, hasKeys) = (await LyingPackage.KeysAsync(vault, cancellationToken), true);
        return await LyingPackage.IsAsync(path, question, keys, cancellationToken);
    }

    private static void Packed(Utf8JsonWriter line, Guid id, string path)
    {
        line.WriteString("recording", id);
        line.WriteString("file", path);
    }
}
