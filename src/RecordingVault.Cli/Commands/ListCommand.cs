using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault list`: the recordings that the token may see, the newest first.</summary>
internal static class ListCommand
{
    private const int Usual = 50;
    private const int LongestPage = 200;
    private const int LongestTitle = 60;

    public static Command Create(Terminal terminal)
    {
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "At most so many.", DefaultValueFactory = _ => Usual };
        var json = new Option<bool>("--json") { Description = "One JSON object on a line for each recording, as the API writes it." };
        var command = new Command("list", "Lists recordings, the newest first.") { limit, json };
        command.SetAction(async (asked, cancellationToken) =>
        {
            if (asked.GetValue(limit) < 1) throw new CommandException(ExitCode.Usage, "--limit is a number from 1 on.");
            using var vault = new VaultClient(CurrentSignIn.Read());
            await ListAsync(vault, terminal, asked.GetValue(limit), asked.GetValue(json), cancellationToken);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task ListAsync(VaultClient vault, Terminal terminal, int limit, bool json, CancellationToken cancellationToken)
    {
        string? cursor = null;
        var isHeaded = json;
        for (var missing = limit; missing > 0;)
        {
            var page = await vault.AskAsync(Page(vault, Math.Min(missing, LongestPage), cursor), MessageJson.Default.PageAnswer, cancellationToken);
            if (page.Items is not { } items || items.Any(item => item.ValueKind != JsonValueKind.Object)) throw vault.Strange();
            if (!isHeaded) await terminal.Out.WriteLineAsync($"{"id",-36}  {"recorded at",-20}  {"size",9}  {"state",-9}  title");
            isHeaded = true;
            foreach (var item in items.Take(missing))
                await terminal.Out.WriteLineAsync(json ? JsonLine.Of(writer => Copy(item, writer)) : Row(item));
            // A vault that gives no item, or the same place again, would be asked for ever.
            if (page.NextCursor is null || items.Count == 0 || page.NextCursor == cursor) return;
            (missing, cursor) = (missing - items.Count, page.NextCursor);
        }
    }

    private static HttpRequestMessage Page(VaultClient vault, int limit, string? cursor) =>
        vault.Request(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/recordings?limit={limit}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}"));

    private static void Copy(JsonElement item, Utf8JsonWriter writer)
    {
        foreach (var member in item.EnumerateObject())
            member.WriteTo(writer);
    }

    private static string Row(JsonElement item)
    {
        var time = DateTimeOffset.TryParse(Text(item, "recordedAt") ?? Text(item, "createdAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";
        var size = item.TryGetProperty("sizeInBytes", out var bytes) && bytes.ValueKind == JsonValueKind.Number && bytes.TryGetDouble(out var number) ? Amounts.Bytes(number) : "";
        var title = Text(item, "title") ?? "";
        return $"{Shown(item, "id"),-36}  {time,-20}  {size,9}  {Shown(item, "state"),-9}  {ShownText.Of(title.Length > LongestTitle ? $"{title[..LongestTitle]}…" : title)}";
    }

    private static string Shown(JsonElement item, string member) => ShownText.Of(Text(item, member) is { } text ? text.Length > LongestTitle ? text[..LongestTitle] : text : "");

    private static string? Text(JsonElement item, string member) => item.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
