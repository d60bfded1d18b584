using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Two servers over one PostgreSQL and one store: an upload stands where it stands, whichever of them is asked.</summary>
public sealed class TwoNodeTests
{
    private const int Segment = 4 * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_may_go_to_either_and_both_tell_the_same_offset()
    {
        await using var nodes = await Nodes.StartAsync();
        var file = MakeFile((2 * Segment) + 54_321);
        var (upload, recording) = await BeginAsync(nodes.First, file.Length);
        var offset = 0;
        for (var i = 0; offset < file.Length; i++)
        {
            var (here, there) = i % 2 == 0 ? (nodes.First, nodes.Second) : (nodes.Second, nodes.First);
            var part = file[offset..Math.Min(offset + 1_234_567, file.Length)];
            using var answer = await PatchAsync(here, upload, offset, new ByteArrayContent(part));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            offset += part.Length;
            Assert.Equal(offset, OffsetOf(answer));
            Assert.Equal(offset, await OffsetAsync(there, upload));
        }

        Assert.Equal(SHA256.HashData(file), await DigestAsync(nodes.Second, recording));
        Assert.Equal(3, nodes.CountSegments(recording));
    }

    [Fact]
    public async Task The_other_node_goes_on_while_the_first_still_holds_the_upload_and_the_first_is_told()
    {
        await using var nodes = await Nodes.StartAsync();
        var file = MakeFile((3 * Segment) + 54_321);
        var (upload, recording) = await BeginAsync(nodes.First, file.Length);
        var (line, running) = await HoldAsync(nodes, upload, file);

        var told = await OffsetAsync(nodes.Second, upload);
        Assert.Equal(told, await OffsetAsync(nodes.First, upload));
        using var rest = await PatchAsync(nodes.Second, upload, told, new ByteArrayContent(file[(int)told..]));
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        await line.WriteAsync(file.AsMemory(Segment + 500_000), Ct);
        await line.CompleteAsync();
        using var older = await running.WaitAsync(Limit, Ct);

        Assert.Equal(HttpStatusCode.Locked, older.StatusCode);
        Assert.Equal(file.Length, await OffsetAsync(nodes.First, upload));
        Assert.Equal(SHA256.HashData(file), await DigestAsync(nodes.First, recording));
        Assert.Equal(4, nodes.CountSegments(recording));
    }

    [Fact]
    public async Task An_upload_that_is_ended_on_the_other_node_leaves_nothing_of_what_the_first_still_receives()
    {
        await using var nodes = await Nodes.StartAsync();
        var file = MakeFile((3 * Segment) + 54_321);
        var (upload, recording) = await BeginAsync(nodes.First, file.Length);
        var (line, running) = await HoldAsync(nodes, upload, file);

        using var ended = await nodes.Second.SendAsync(Request(HttpMethod.Delete, upload), Ct);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await line.WriteAsync(file.AsMemory(Segment + 500_000), Ct);
        await line.CompleteAsync();
        using var older = await running.WaitAsync(Limit, Ct);

        Assert.Equal(HttpStatusCode.Locked, older.StatusCode);
        using var gone = await nodes.First.SendAsync(Request(HttpMethod.Head, upload), Ct);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Equal(0, nodes.CountSegments(recording));
    }

    /// <summary>The first node has got a part of which the end does not come, and acknowledged all that came.</summary>
    private static async Task<(PipeWriter Line, Task<HttpResponseMessage> Running)> HoldAsync(Nodes nodes, string upload, byte[] file)
    {
        const int sent = Segment + 500_000;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var running = PatchAsync(nodes.Holding, upload, 0, new StreamContent(pipe.Reader.AsStream()));
        await pipe.Writer.WriteAsync(file.AsMemory(0, sent), Ct);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        // The client's own buffer may keep back a last few bytes.
        while (await OffsetAsync(nodes.Second, upload) < sent - 64_000)
            await Task.Delay(50, limit.Token);
        return (pipe.Writer, running);
    }

    private static async Task<(string Upload, string Recording)> BeginAsync(HttpClient node, int length)
    {
        using var request = Request(HttpMethod.Post, "/api/v1/uploads");
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        using var answer = await node.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (answer.Headers.Location!.OriginalString, answer.Headers.GetValues("Vault-Recording").Single());
    }

    private static Task<HttpResponseMessage> PatchAsync(HttpClient node, string upload, long offset, HttpContent part)
    {
        var request = Request(HttpMethod.Patch, upload);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        part.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Content = part;
        return node.SendAsync(request, Ct);
    }

    private static async Task<long> OffsetAsync(HttpClient node, string upload)
    {
        using var answer = await node.SendAsync(Request(HttpMethod.Head, upload), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return OffsetOf(answer);
    }

    private static long OffsetOf(HttpResponseMessage answer) => long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);

    private static HttpRequestMessage Request(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    private static async Task<byte[]> DigestAsync(HttpClient node, string recording)
    {
        await using var content = await node.GetStreamAsync(new Uri($"{recording}/download", UriKind.Relative), Ct);
        return await SHA256.HashDataAsync(content, Ct);
    }

    /// <summary>Begins like a FLAC, which is as far as the server looks; no mark is written into that kind, so it leaves as it came.</summary>
    private static byte[] MakeFile(int length)
    {
        var file = RandomNumberGenerator.GetBytes(length);
        "fLaC"u8.CopyTo(file);
        return file;
    }

    private sealed class Nodes(PostgreSqlDatabase database, ServerProcess first, ServerProcess second) : IAsyncDisposable
    {
        public HttpClient First => first.Client;

        public HttpClient Second => second.Client;

        /// <summary>To the first node, for a request that it may answer before all of it was sent.</summary>
        public HttpClient Holding { get; } = AnsweredLine.Client(first.Address);

        public static async Task<Nodes> StartAsync()
        {
            var database = await PostgreSqlDatabase.CreateAsync(Ct);
            KeyValuePair<string, string>[] settings = [new("Vault__Database__Provider", "postgresql"), new("Vault__Database__ConnectionString", database.ConnectionString)];
            var first = ServerProcess.Prepare(settings);
            await first.RunAsync(["migrate"], Ct);
            await first.RunAsync(["tenant", "create", Story.House], Ct);
            await first.RunAsync(["member", "create", "--email", Story.Mail, "--tenant", Story.House, "--role", "owner"], Ct);
            var token = await first.CreateTokenAsync(Story.Mail, Story.House, Ct);
            var second = ServerProcess.Prepare([.. settings, new("Vault__DataDirectory", first.DataFolder)]);
            foreach (var node in new[] { first, second })
            {
                await node.StartAgainAsync(Ct);
                node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            var nodes = new Nodes(database, first, second);
            nodes.Holding.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return nodes;
        }

        /// <summary>Sealed pieces of content that lie in the store under a recording.</summary>
        public int CountSegments(string recording) =>
            Directory.EnumerateFiles(Path.Combine(first.DataFolder, "store", "t"), "*", SearchOption.AllDirectories)
                .Count(path => path.Contains(recording.Split('/')[^1], StringComparison.Ordinal) && path.Contains("/original/", StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            Holding.Dispose();
            await second.DisposeAsync();
            await first.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
