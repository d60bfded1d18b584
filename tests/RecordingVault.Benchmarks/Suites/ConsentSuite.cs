using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Benchmarks.Measuring;
using RecordingVault.Benchmarks.Servers;

namespace RecordingVault.Benchmarks.Suites;

/// <summary>A tenant with 100 or 100,000 people who were recorded, ten records of each: how long the gate takes, which asks the ledger at each release, and a page of records.</summary>
internal static class ConsentSuite
{
    private const string Byte = "one byte, ms", People = "people of a recording, ms", First = "20 records, ms", Later = "20 records behind 80, ms", Library = "50 recordings, ms";
    private const int Requests = 50, PeopleOfEach = 10;

    private static readonly int[] s_sizes = [10, 10_000];

    private sealed record Ledger(string Mode, VaultWithFilm Vault, HttpClient Client, string Recording, string Cursor) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Vault.DisposeAsync();
        }
    }

    public static async Task<Report> RunAsync(Bench bench)
    {
        var measures = new Measures();
        var ledgers = new List<Ledger>();
        try
        {
            foreach (var size in s_sizes)
                ledgers.Add(await FillAsync(bench, size));
            await bench.SyncAsync();
            await bench.InterleaveAsync([.. ledgers.Select(ledger => (ledger.Mode, (Func<Task>)(() => MeasureAsync(measures, ledger, bench.Stopping))))]);
        }
        finally
        {
            foreach (var ledger in ledgers)
                await ledger.DisposeAsync();
        }

        string[] modes = [.. ledgers.Select(ledger => ledger.Mode)];
        return new Report("consent", measures)
            .Note("One byte of a recording's film, whose release asks the ledger about ten people; the lists are of a recording in the middle.")
            .Table(modes, (Byte, "0.00"), (People, "0.00"), (First, "0.00"), (Later, "0.00"), (Library, "0.0"))
            .AtMost("one byte, 1,000,000 records / 1,000", measures.Ratio(modes[1], modes[0], Byte), 1.2, 1.1)
            .AtMost("people of a recording", measures.Ratio(modes[1], modes[0], People), 1.2, 1.1)
            .AtMost("20 records", measures.Ratio(modes[1], modes[0], First), 1.2, 1.1)
            .AtMost("20 records behind 80", measures.Ratio(modes[1], modes[0], Later), 1.2, 1.1)
            .AtMost("50 recordings", measures.Ratio(modes[1], modes[0], Library), null, null);
    }

    private static async Task<Ledger> FillAsync(Bench bench, int recordings)
    {
        var mode = (recordings * PeopleOfEach * 10).ToString("N0", CultureInfo.InvariantCulture) + " records";
        await Console.Error.WriteLineAsync($"making {mode}");
        var vault = await VaultWithFilm.StartAsync(bench.Place($"consent-{recordings}"), bench.Stopping, folder => HostedServers.SeedConsentAsync(folder, recordings, PeopleOfEach, bench.Stopping));
        vault.Upload(bench.Film);
        await vault.ProcessedAsync(bench.Stopping, mayFail: true);
        var client = vault.Client();
        var film = $"/api/v1/recordings/{vault.RecordingId}";
        for (var person = 0; person < PeopleOfEach; person++)
        {
            using var added = await client.PostAsJsonAsync(film + "/participants", new { name = $"Person {person}" }, bench.Stopping);
            using var made = JsonDocument.Parse(await added.EnsureSuccessStatusCode().Content.ReadAsStringAsync(bench.Stopping));
            foreach (var purpose in (string[])["keep", "view-internal", "share-external"])
                (await client.PostAsJsonAsync(film + "/consents", new { participant = made.RootElement.GetProperty("id").GetGuid(), purpose, status = "given", method = "mail" }, bench.Stopping)).EnsureSuccessStatusCode().Dispose();
        }

        using var list = JsonDocument.Parse(await client.GetStringAsync("/api/v1/recordings?limit=5", bench.Stopping));
        var recording = list.RootElement.GetProperty("items")[4].GetProperty("id").GetString()!;
        var cursor = "";
        for (var page = 0; page < 4; page++)
        {
            using var records = JsonDocument.Parse(await client.GetStringAsync(Records(recording, cursor), bench.Stopping));
            cursor = records.RootElement.GetProperty("nextCursor").GetString()!;
        }

        await vault.Server.SettleAsync(bench.Stopping);
        return new Ledger(mode, vault, client, recording, cursor);
    }

    private static async Task MeasureAsync(Measures measures, Ledger ledger, CancellationToken cancellationToken)
    {
        measures.Add(ledger.Mode, Byte, await MedianAsync(() => ByteAsync(ledger, cancellationToken)));
        measures.Add(ledger.Mode, People, await MedianAsync(() => GetAsync(ledger, $"/api/v1/recordings/{ledger.Recording}/participants", "share-external", cancellationToken)));
        measures.Add(ledger.Mode, First, await MedianAsync(() => GetAsync(ledger, Records(ledger.Recording, ""), "nextCursor", cancellationToken)));
        measures.Add(ledger.Mode, Later, await MedianAsync(() => GetAsync(ledger, Records(ledger.Recording, ledger.Cursor), "requested", cancellationToken)));
        measures.Add(ledger.Mode, Library, await MedianAsync(() => GetAsync(ledger, "/api/v1/recordings?limit=50", "items", cancellationToken)));
    }

    private static string Records(string recording, string cursor) => $"/api/v1/recordings/{recording}/consents?limit=20{(cursor.Length > 0 ? "&cursor=" + cursor : "")}";

    private static async Task<double> ByteAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ledger.Vault.Content);
        request.Headers.Range = new RangeHeaderValue(0, 0);
        var began = Stopwatch.GetTimestamp();
        using var answer = await ledger.Client.SendAsync(request, cancellationToken);
        var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        return bytes.Length == 1 ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new InvalidOperationException("That was not one byte.");
    }

    private static async Task<double> GetAsync(Ledger ledger, string path, string expected, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await ledger.Client.GetStringAsync(path, cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return answer.Contains(expected, StringComparison.Ordinal) ? took : throw new InvalidOperationException($"{path} answered something else.");
    }

    private static async Task<double> MedianAsync(Func<Task<double>> ask)
    {
        var times = new List<double>();
        for (var i = 0; i < Requests; i++)
            times.Add(await ask());
        return Spread.Of(times).Median;
    }
}
