using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>docs/operations.md, "Backup", for a vault on PostgreSQL and S3: what the two scripts copy and put back is the vault, and nothing is put back over another one.</summary>
public sealed class BackupServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vault_on_postgresql_and_s3_is_copied_while_it_runs_and_put_back_elsewhere_with_all_that_it_held()
    {
        await using var database = await PostgreSqlDatabase.CreateAsync(Ct);
        await using var store = await S3Server.StartAsync(Ct);
        var settings = Settings(database, store);
        await using var server = ServerProcess.Prepare(settings);
        await server.RunAsync(["migrate"], Ct);
        await server.RunAsync(["tenant", "create", OwnedVault.House], Ct);
        await server.RunAsync(["member", "create", "--email", OwnedVault.Mail, "--tenant", OwnedVault.House, "--role", "owner"], Ct);
        var bearer = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(OwnedVault.Mail, OwnedVault.House, Ct, "owner"));
        server.Client.DefaultRequestHeaders.Authorization = bearer;
        await server.StartAgainAsync(Ct);
        var film = OwnedVault.Film(5_000_000);
        var recording = await UploadAsync(server.Client, film);
        var (copy, key) = (Path.Combine(server.Folder, "a copy"), Path.Combine(server.Folder, "stick.key"));
        File.Copy(Path.Combine(server.DataFolder, "root.key"), key);

        await RunAsync(0, database, store, "backup-server.sh", copy);
        // Once more, over the first: with what came in between.
        var later = await UploadAsync(server.Client, OwnedVault.Film(100_000));
        // What a run that was killed leaves: half of an object, and its dumps.
        var half = new DirectoryInfo(Path.Combine(copy, "long", "store")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(file => file.Length)!;
        var whole = half.Length;
        await using (var cut = half.OpenWrite())
            cut.SetLength(whole / 2);
        Directory.CreateDirectory(Path.Combine(copy, "keys", ".new-left"));
        await RunAsync(0, database, store, "backup-server.sh", copy);
        half.Refresh();
        Assert.Equal(whole, half.Length);
        Assert.Empty(Directory.GetDirectories(Path.Combine(copy, "keys"), ".new-*"));
        Assert.Contains("not empty", await RunAsync(2, database, store, "restore-server.sh", copy, Path.Combine(server.Folder, "new"), key), StringComparison.Ordinal);
        await server.KillAsync();

        Assert.Empty(Directory.GetFiles(copy, "root.key", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetDirectories(Path.Combine(copy, "long", "store"), "key", SearchOption.AllDirectories));
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(copy, "keys", "store"), "key", SearchOption.AllDirectories));
        await using var otherDatabase = await PostgreSqlDatabase.CreateAsync(Ct);
        await using var otherStore = await S3Server.StartAsync(Ct);
        await using var other = ServerProcess.Prepare(Settings(otherDatabase, otherStore));
        // An empty database does not make a full bucket free.
        Assert.Contains("bucket", await RunAsync(2, otherDatabase, store, "restore-server.sh", copy, Path.Combine(server.Folder, "new"), key), StringComparison.Ordinal);
        await RunAsync(0, otherDatabase, otherStore, "restore-server.sh", copy, other.DataFolder, key);
        other.Client.DefaultRequestHeaders.Authorization = bearer;
        await other.StartAgainAsync(Ct);

        Assert.Equal(film, await other.Client.GetByteArrayAsync(new Uri($"/api/v1/recordings/{recording}/download", UriKind.Relative), Ct));
        var list = await other.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct);
        Assert.Equal([later, recording], list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        // What is added there goes on where the copy ended.
        Assert.NotEmpty(await UploadAsync(other.Client, OwnedVault.Film(50_000)));
    }

    private static Dictionary<string, string> Settings(PostgreSqlDatabase database, S3Server store) => new(store.Settings, StringComparer.Ordinal)
    {
        ["Vault__Database__Provider"] = "postgresql",
        ["Vault__Database__ConnectionString"] = database.ConnectionString,
    };

    private static async Task<string> UploadAsync(HttpClient client, byte[] film)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = new ByteArrayContent(film) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{film.Length}");
        request.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String("film.mp4"u8));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await client.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("Vault-Recording").Single().Split('/')[^1];
    }

    private static async Task<string> RunAsync(int expected, PostgreSqlDatabase database, S3Server store, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Folder, "infra", script), arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in store.Settings)
            start.Environment[name] = value;
        var named = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        foreach (var (name, value) in new[] { ("PGHOST", named.Host), ("PGDATABASE", named.Database), ("PGUSER", named.Username) })
            start.Environment[name] = value;
        using var run = Process.Start(start)!;
        var said = string.Concat(await Task.WhenAll(run.StandardOutput.ReadToEndAsync(Ct), run.StandardError.ReadToEndAsync(Ct)));
        await run.WaitForExitAsync(Ct);
        Assert.True(run.ExitCode == expected, $"{script} ended with {run.ExitCode}: {said}");
        return said;
    }
}
