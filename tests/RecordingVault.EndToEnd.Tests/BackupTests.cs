using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>docs/operations.md, "Backup": what it says to copy is enough, and each part alone opens nothing.</summary>
public sealed class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vault_is_copied_while_it_runs_and_put_back_elsewhere_with_all_that_it_held()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        var film = OwnedVault.Film(3_000_000);
        var recording = await UploadAsync(vault.Server.Client, film);
        var (copy, key) = (Path.Combine(vault.Server.Folder, "a copy"), Path.Combine(vault.Server.Folder, "stick.key"));
        File.Copy(Path.Combine(vault.Server.DataFolder, "root.key"), key);

        Assert.Equal(0, (await RunAsync("backup.sh", vault.Server.DataFolder, copy)).Code);
        // Once more, over the first: with what came in between.
        var later = await UploadAsync(vault.Server.Client, OwnedVault.Film(100_000));
        Assert.Equal(0, (await RunAsync("backup.sh", vault.Server.DataFolder, copy)).Code);
        await vault.Server.KillAsync();

        Assert.Empty(Directory.GetFiles(copy, "root.key", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetDirectories(Path.Combine(copy, "long", "store"), "key", SearchOption.AllDirectories));
        await using var other = ServerProcess.Prepare([]);
        Assert.Equal(0, (await RunAsync("restore.sh", copy, other.DataFolder, key)).Code);
        other.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", vault.Token);
        await other.StartAgainAsync(Ct);
        Assert.Equal(film, await other.Client.GetByteArrayAsync(new Uri($"/api/v1/recordings/{recording}/download", UriKind.Relative), Ct));
        var list = await other.Client.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct);
        Assert.Equal([later, recording], list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Nothing_is_put_back_over_a_vault_that_is_there_or_from_half_a_copy()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        var (copy, key) = (Path.Combine(vault.Server.Folder, "copy"), Path.Combine(vault.Server.DataFolder, "root.key"));
        Assert.Equal(0, (await RunAsync("backup.sh", vault.Server.DataFolder, copy)).Code);

        var over = await RunAsync("restore.sh", copy, vault.Server.DataFolder, key);
        Assert.Equal(2, over.Code);
        Assert.Contains("not empty", over.Said, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("backup.sh", vault.Server.DataFolder, Path.Combine(vault.Server.DataFolder, "copy"))).Code);
        Directory.Delete(Path.Combine(copy, "keys"), recursive: true);
        var half = await RunAsync("restore.sh", copy, Path.Combine(vault.Server.Folder, "new"), key);
        Assert.Equal(2, half.Code);
        Assert.Contains("keys.db", half.Said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(vault.Server.Folder, "new")));
    }

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

    private static async Task<(int Code, string Said)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Folder, "infra", script), arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var run = Process.Start(start)!;
        var said = await Task.WhenAll(run.StandardOutput.ReadToEndAsync(Ct), run.StandardError.ReadToEndAsync(Ct));
        await run.WaitForExitAsync(Ct);
        return (run.ExitCode, string.Concat(said));
    }
}
