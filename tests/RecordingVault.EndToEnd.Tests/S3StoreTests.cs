using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The vault over a real S3 store that fails, comes back, and takes over from a folder.</summary>
public sealed class S3StoreTests
{
    private const int Length = 21_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_is_gone_is_said_and_what_it_had_taken_is_there_when_it_comes_back()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await SignedInAsync(store.Settings);
        var file = Film();
        var whole = await UploadAsync(server, file);
        var begun = await BeginAsync(server, file.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await AppendAsync(server, begun.Upload, 0, file.AsMemory(0, 9_000_000))).Status);

        await store.KillAsync(Ct);
        using var read = await server.Client.GetAsync(new Uri($"{whole}/content", UriKind.Relative), Ct);
        var sent = await AppendAsync(server, begun.Upload, 9_000_000, file.AsMemory(9_000_000));
        Assert.Equal("store-unavailable", await SlugAsync(read));
        Assert.Equal(TimeSpan.FromSeconds(5), read.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, sent.Status);
        // The vault looks every ten seconds.
        while ((await server.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Ct)).StatusCode != HttpStatusCode.ServiceUnavailable)
            await Task.Delay(200, Ct);

        await store.StartAgainAsync(Ct);
        var offset = await OffsetAsync(server, begun.Upload);
        Assert.True(offset >= 9_000_000);
        Assert.Equal(HttpStatusCode.NoContent, (await AppendAsync(server, begun.Upload, offset, file.AsMemory((int)offset))).Status);
        Assert.Equal(SHA256.HashData(file), await DigestAsync(server, begun.Recording));
        Assert.Equal(SHA256.HashData(file), await DigestAsync(server, whole));
    }

    [Fact]
    public async Task A_read_goes_on_over_a_store_that_is_started_again_in_the_middle()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await SignedInAsync(store.Settings);
        var file = Film();
        var recording = await UploadAsync(server, file);

        using var answer = await server.Client.GetAsync(new Uri($"{recording}/content", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var content = await answer.Content.ReadAsStreamAsync(Ct);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 * 1024];
        var (read, wasKilled) = (0L, false);
        while (await content.ReadAsync(buffer, Ct) is var count and > 0)
        {
            digest.AppendData(buffer, 0, count);
            read += count;
            if (wasKilled || read < 2_000_000)
                continue;
            await store.KillAsync(Ct);
            await store.StartAgainAsync(Ct);
            wasKilled = true;
        }

        Assert.Equal(file.Length, read);
        Assert.Equal(SHA256.HashData(file), digest.GetHashAndReset());
    }

    [Fact]
    public async Task Recordings_are_moved_from_a_folder_into_a_bucket_while_they_are_served()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await SignedInAsync([]);
        var file = Film();
        var recording = await UploadAsync(server, file);
        var folder = Path.Combine(server.DataFolder, "store");
        await server.StopAsync(Ct);
        server.Set([.. store.Settings, new("Vault__Storage__Former__Provider", "folder"), new("Vault__Storage__Former__Folder", folder)]);
        await server.StartAgainAsync(Ct);

        var before = await DigestAsync(server, recording);
        var second = await UploadAsync(server, file);
        var said = await server.RunAsync(["storage", "move"], Ct);
        var after = await DigestAsync(server, recording);

        Assert.Equal([SHA256.HashData(file), SHA256.HashData(file)], [before, after]);
        Assert.Contains("Nothing is left in the former store", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
        server.Set([new("Vault__Storage__Former__Provider", ""), new("Vault__Storage__Former__Folder", "")]);
        await server.StopAsync(Ct);
        await server.StartAgainAsync(Ct);
        foreach (var one in new[] { recording, second })
            Assert.Equal(SHA256.HashData(file), await DigestAsync(server, one));
        var log = await server.Client.GetFromJsonAsync<JsonElement>("/api/v1/audit/events?limit=200", Ct);
        Assert.Contains(log.GetProperty("items").EnumerateArray(), line => line.GetProperty("type").GetString() == "recording.moved" && line.GetProperty("actor").GetProperty("kind").GetString() == "operator");
    }

    [Fact]
    public async Task The_doctor_says_what_the_bucket_can_do_and_a_start_without_one_says_what_is_missing()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await SignedInAsync(store.Settings);

        var said = await server.RunAsync(["doctor"], Ct);
        server.Set([new("Vault__Storage__S3__Bucket", "no-such-bucket")]);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync(["tenant", "create", "Second"], Ct));

        Assert.Contains("store: keeps, gives back ranges, lists and deletes", said, StringComparison.Ordinal);
        Assert.Contains("store speed: 4 MiB are kept in", said, StringComparison.Ordinal);
        Assert.Contains("There is no such bucket", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("vaultsecret", said + refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz", server.Output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<ServerProcess> SignedInAsync(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var server = ServerProcess.Prepare(settings);
        await server.RunAsync(["tenant", "create", Story.House], Ct);
        await server.RunAsync(["member", "create", "--email", Story.Mail, "--tenant", Story.House, "--role", "owner"], Ct);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct, role: "Owner"));
        await server.StartAgainAsync(Ct);
        return server;
    }

    /// <summary>Begins like a FLAC, which is as far as the server looks; no mark is written into that kind, so it leaves as it came.</summary>
    private static byte[] Film()
    {
        var file = RandomNumberGenerator.GetBytes(Length);
        "fLaC"u8.CopyTo(file);
        return file;
    }

    private static async Task<string> UploadAsync(ServerProcess server, byte[] file)
    {
        var (upload, recording) = await BeginAsync(server, file.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await AppendAsync(server, upload, 0, file)).Status);
        return recording;
    }

    private static async Task<(string Upload, string Recording)> BeginAsync(ServerProcess server, int length)
    {
        using var request = Request(HttpMethod.Post, "/api/v1/uploads");
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        using var answer = await server.Client.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
        return (answer.Headers.Location!.OriginalString, answer.Headers.GetValues("Vault-Recording").Single());
    }

    private static async Task<(HttpStatusCode Status, string Body)> AppendAsync(ServerProcess server, string upload, long offset, ReadOnlyMemory<byte> bytes)
    {
        using var request = Request(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        try
        {
            using var answer = await server.Client.SendAsync(request, Ct);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
        }
        catch (HttpRequestException)
        {
            // A client that goes on writing while it is answered and let go may see no answer.
            return (HttpStatusCode.ServiceUnavailable, "");
        }
    }

    private static async Task<long> OffsetAsync(ServerProcess server, string upload)
    {
        using var request = Request(HttpMethod.Head, upload);
        using var answer = await server.Client.SendAsync(request, Ct);
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
    }

    private static async Task<byte[]> DigestAsync(ServerProcess server, string recording)
    {
        await using var content = await server.Client.GetStreamAsync(new Uri($"{recording}/content", UriKind.Relative), Ct);
        return await SHA256.HashDataAsync(content, Ct);
    }

    private static async Task<string> SlugAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("type").GetString()!.Split('/')[^1];

    private static HttpRequestMessage Request(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }
}
