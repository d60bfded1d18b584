using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>
/// P6: a byte that was acknowledged survives a server that is killed at any instant. A few rounds every time; `infra/soak.sh kill 200` makes 200.
/// </summary>
[Trait("Kind", "Kill")]
public sealed class KillTests
{
    private const int Length = (5 * 4 * 1024 * 1024) + 123_457;
    private const int Piece = 256 * 1024;
    private const string Mail = "helen@example.com";
    private const string House = "Marsh Coaching";

    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("VAULT_SOAK_COUNT") ?? "5", CultureInfo.InvariantCulture);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_at_any_instant_and_the_upload_goes_on()
    {
        await using var server = ServerProcess.Prepare([]);
        await server.RunAsync(["tenant", "create", House], Ct);
        await server.RunAsync(["member", "create", "--email", Mail, "--tenant", House, "--role", "owner"], Ct);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Mail, House, Ct));
        await server.StartAgainAsync(Ct);
        for (var round = 0; round < Rounds; round++)
            await RoundAsync(server, seed: Random.Shared.Next());
    }

    private static async Task RoundAsync(ServerProcess server, int seed)
    {
        var random = new Random(seed);
        var file = Film(random);
        var upload = await KilledUpload.BeginAsync(server.Client, file, Ct);
        // Sending takes about two seconds: most kills fall into a part, some between two, some into the end.
        var instant = TimeSpan.FromMilliseconds(random.Next(2_500));

        using (var sending = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            var parts = upload.SendAsync(random, sending.Token);
            var looks = upload.LookAsync(sending.Token);
            await Task.Delay(instant, Ct);
            await server.KillAsync();
            await sending.CancelAsync();
            await Task.WhenAll(parts, looks);
        }

        await server.StartAgainAsync(Ct);
        var offset = await upload.OffsetAsync(Ct);
        Assert.True(offset >= upload.Acknowledged, $"Seed {seed}, killed after {instant}: {upload.Acknowledged} bytes were acknowledged, {offset} are there.");
        if (offset < file.Length)
            Assert.Equal(file.Length, await upload.AppendAsync(offset, file.Length - (int)offset, pace: TimeSpan.Zero, Ct));
        var content = await server.Client.GetByteArrayAsync(new Uri($"{upload.Recording}/download", UriKind.Relative), Ct);
        Assert.True(SHA256.HashData(file).AsSpan().SequenceEqual(SHA256.HashData(content)), $"Seed {seed}, killed after {instant}: other bytes came back.");
    }

    /// <summary>Begins like an MP4, which is as far as the server looks.</summary>
    private static byte[] Film(Random random)
    {
        var file = new byte[Length];
        random.NextBytes(file);
        "\0\0\0\u0018ftypisom\0\0\0\0isommp42"u8.CopyTo(file);
        return file;
    }

    /// <summary>An upload whose server is about to be killed, and the most that was ever acknowledged of it.</summary>
    private sealed class KilledUpload(HttpClient client, byte[] file, string address, string recording)
    {
        private long acknowledged;

        public string Recording => recording;

        public long Acknowledged => Volatile.Read(ref acknowledged);

        public static async Task<KilledUpload> BeginAsync(HttpClient client, byte[] file, CancellationToken ct)
        {
            using var request = Request(HttpMethod.Post, "/api/v1/uploads");
            request.Headers.Add("Upload-Length", file.Length.ToString(CultureInfo.InvariantCulture));
            using var answer = await client.SendAsync(request, ct);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return new KilledUpload(client, file, answer.Headers.Location!.OriginalString, answer.Headers.GetValues("Vault-Recording").Single());
        }

        /// <summary>Part after part, of any length, until all is there or nobody answers.</summary>
        public async Task SendAsync(Random random, CancellationToken ct)
        {
            try
            {
                for (long offset = 0; offset < file.Length;)
                    offset = await AppendAsync(offset, Math.Min(random.Next(70_000, file.Length), file.Length - (int)offset), TimeSpan.FromMilliseconds(20), ct);
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException or OperationCanceledException)
            {
                // That is what this is about.
            }
        }

        /// <summary>Asks over and over how far it is: each answer is a promise.</summary>
        public async Task LookAsync(CancellationToken ct)
        {
            try
            {
                while (true)
                {
                    await OffsetAsync(ct);
                    await Task.Delay(5, ct);
                }
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException or OperationCanceledException)
            {
                // Nobody answers any more.
            }
        }

        public async Task<long> OffsetAsync(CancellationToken ct)
        {
            using var request = Request(HttpMethod.Head, address);
            using var answer = await client.SendAsync(request, ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return Note(answer);
        }

        public async Task<long> AppendAsync(long offset, int length, TimeSpan pace, CancellationToken ct)
        {
            using var request = Request(HttpMethod.Patch, address);
            request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
            request.Content = new PacedContent(file.AsMemory((int)offset, length), pace);
            using var answer = await client.SendAsync(request, ct);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            return Note(answer);
        }

        private long Note(HttpResponseMessage answer)
        {
            var offset = long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
            for (var before = Acknowledged; offset > before; before = Acknowledged)
                Interlocked.CompareExchange(ref acknowledged, offset, before);
            return offset;
        }

        private static HttpRequestMessage Request(HttpMethod method, string address)
        {
            var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
            request.Headers.Add("Tus-Resumable", "1.0.0");
            return request;
        }
    }

    private sealed class PacedContent : HttpContent
    {
        private readonly ReadOnlyMemory<byte> bytes;
        private readonly TimeSpan pace;

        public PacedContent(ReadOnlyMemory<byte> bytes, TimeSpan pace)
        {
            (this.bytes, this.pace) = (bytes, pace);
            Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            for (var rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(Piece, rest.Length)..])
            {
                await stream.WriteAsync(rest[..Math.Min(Piece, rest.Length)], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(pace, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
