using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.Upgrades;

/// <summary>
/// What an earlier version wrote opens in this one. Each folder beside this file is one landing, made by infra/make-upgrade-fixture.sh and never changed after it was released.
/// Its keys and names are of nobody.
/// </summary>
public sealed class UpgradeTests
{
    private static readonly string Folder = Path.Combine(Checkout.Folder, "tests", "RecordingVault.EndToEnd.Tests", "Upgrades");

    public static TheoryData<string> Landings => [.. Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Landings))]
    public async Task A_vault_on_SQLite_that_an_earlier_version_wrote_opens(string landing)
    {
        await using var server = ServerProcess.Prepare([]);
        await UnpackAsync(landing, "sqlite", server.DataFolder);
        await server.StartAgainAsync(Ct);

        await ReadsBackAsync(server, landing, "sqlite");
    }

    [Theory, MemberData(nameof(Landings))]
    public async Task A_vault_on_PostgreSQL_that_an_earlier_version_wrote_opens(string landing)
    {
        await using var database = await PostgreSqlDatabase.CreateAsync(Ct);
        await using var server = ServerProcess.Prepare([new("Vault__Database__Provider", "postgresql"), new("Vault__Database__ConnectionString", database.ConnectionString)]);
        await UnpackAsync(landing, "postgresql", server.DataFolder);
        var dump = Path.Combine(server.DataFolder, "dump.sql");
        await database.RunAsync(await File.ReadAllTextAsync(dump, Ct), Ct);
        File.Delete(dump);

        await server.RunAsync(["migrate"], Ct);
        await server.StartAgainAsync(Ct);

        await ReadsBackAsync(server, landing, "postgresql");
    }

    private static async Task UnpackAsync(string landing, string database, string target)
    {
        Directory.CreateDirectory(target);
        await using var packed = File.OpenRead(Path.Combine(Folder, landing, database + ".tar.gz"));
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unpacked, target, overwriteFiles: false, Ct);
    }

    private static async Task ReadsBackAsync(ServerProcess server, string landing, string database)
    {
        var fixture = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(Folder, landing, "fixture.json"), Ct));
        string Expected(string name) => fixture.GetProperty(name).GetString()!;
        var recording = fixture.GetProperty("recordings").GetProperty(database).GetString();

        var token = await server.CreateTokenAsync(Expected("member"), Expected("tenant"), Ct);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var shown = await server.Client.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}", Ct);
        Assert.Equal(Expected("title"), shown.GetProperty("title").GetString());
        // What was stored is what it was, and leaves with a mark that the earlier version did not write.
        var content = await server.Client.GetByteArrayAsync($"/api/v1/recordings/{recording}/content", Ct);
        Assert.True(content.AsSpan().IndexOf("DMI-PROHIBITED"u8) > 0);
        using var machine = new CommandLine();
        var unsealed = Path.Combine(machine.Folder, "unsealed");
        var run = await machine.RunAsync(Ct, "unseal", "--root-key", Path.Combine(server.DataFolder, "root.key"), "--store", Path.Combine(server.DataFolder, "store"), "--recording", recording!, "-o", unsealed);
        Assert.Equal((0, ""), (run.Code, run.Error));
        var original = Assert.Single(Directory.EnumerateFiles(unsealed, "original*"));
        Assert.Equal(Expected("sha256"), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(original, Ct))));
    }
}
