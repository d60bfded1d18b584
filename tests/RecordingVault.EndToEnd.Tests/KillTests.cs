using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>
/// P6, as a client that others wrote sees it: tus-js-client goes on over a server that is killed at any instant, a line that is cut, and a store that is gone for
/// a while. A few rounds every time; `infra/soak.sh kill 200` makes 200.
/// </summary>
[Trait("Kind", "Kill")]
public sealed class KillTests(TusClients clients)
{
    private const int Length = (9 * 4 * 1024 * 1024) + 123_457;

    /// <summary>A file takes two seconds to send, and longer with each kill.</summary>
    private const int BytesPerSecond = 20_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_at_any_instant_and_the_file_is_the_same()
    {
        await using var server = await StartAsync([]);
        await RepeatAsync(server, Rounds(30), () => KillServerAsync(server));
    }

    [Fact]
    public async Task The_same_on_an_S3_store()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await StartAsync(store.Settings);
        await RepeatAsync(server, Rounds(6), () => KillServerAsync(server));
    }

    [Fact]
    public async Task A_store_that_is_killed_and_comes_back_costs_nothing_that_was_acknowledged()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var server = await StartAsync(store.Settings);
        await RepeatAsync(
            server,
            Rounds(4),
            async () =>
            {
                await store.KillAsync(Ct);
                // Sometimes the vault's own tries outlast it, sometimes the client hears 503 and comes again.
                await Task.Delay(Random.Shared.Next(10_000), Ct);
                await store.StartAgainAsync(Ct);
            });
    }

    [Fact]
    public async Task A_line_that_is_cut_again_and_again_costs_nothing_that_was_acknowledged()
    {
        await using var server = await StartAsync([]);
        await RepeatAsync(server, Rounds(10), disturb: null);
    }

    private static int Rounds(int usual) => Environment.GetEnvironmentVariable("VAULT_SOAK_COUNT") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : usual;

    private static async Task<ServerProcess> StartAsync(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var server = ServerProcess.Prepare(settings);
        await server.RunAsync(["tenant", "create", Story.House], Ct);
        await server.RunAsync(["member", "create", "--email", Story.Mail, "--tenant", Story.House, "--role", "owner"], Ct);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateTokenAsync(Story.Mail, Story.House, Ct));
        await server.StartAgainAsync(Ct);
        return server;
    }

    private static async Task KillServerAsync(ServerProcess server)
    {
        await server.KillAsync();
        await server.StartAgainAsync(Ct);
    }

    /// <param name="disturb">What happens at each instant; null cuts the line.</param>
    private async Task RepeatAsync(ServerProcess server, int rounds, Func<Task>? disturb)
    {
        for (var done = 0; done < rounds;)
            done += await UploadAsync(server, rounds - done, disturb);
    }

    /// <summary>Sends one file, disturbed as often as it can be while it is sent. Returns how often that was.</summary>
    private async Task<int> UploadAsync(ServerProcess server, int most, Func<Task>? disturb)
    {
        var (path, digest) = await MakeFileAsync();
        try
        {
            await using var line = new SendingLine(server.Address, BytesPerSecond);
            await using var upload = await clients.BeginAsync(
                new
                {
                    endpoint = new Uri(line.Address, "/api/v1/uploads"),
                    token = server.Client.DefaultRequestHeaders.Authorization!.Parameter,
                    path,
                    // Some send all in one PATCH, some in many.
                    chunkSize = Random.Shared.Next(3) == 0 ? Random.Shared.Next(300_000, 9_000_000) : (int?)null,
                },
                Ct);
            var disturbed = 0;
            while (disturbed < most && !upload.IsDone)
            {
                await upload.NextPatchAsync(Ct);
                await LookAsync(server, upload, TimeSpan.FromMilliseconds(Random.Shared.Next(1_200)));
                if (upload.IsDone)
                    break;
                if (disturb is null)
                    line.Cut();
                else
                    await disturb();
                disturbed++;
                await RequireAcknowledgedAsync(server, upload);
            }

            await upload.FinishAsync(Ct);
            await using var content = await server.Client.GetStreamAsync(new Uri($"{upload.Recording}/download", UriKind.Relative), Ct);
            Assert.Equal(digest, await SHA256.HashDataAsync(content, Ct));
            return Math.Max(disturbed, 1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Asks over and over how far it is: each answer is a promise.</summary>
    private static async Task LookAsync(ServerProcess server, TusJsUpload upload, TimeSpan length)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        over.CancelAfter(length);
        try
        {
            while (true)
            {
                upload.Note(await OffsetAsync(server, upload, over.Token));
                await Task.Delay(20, over.Token);
            }
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            // The instant has come.
        }
    }

    private static async Task RequireAcknowledgedAsync(ServerProcess server, TusJsUpload upload)
    {
        var before = upload.Acknowledged;
        var there = await OffsetAsync(server, upload, Ct);
        Assert.True(there >= before, $"{before} bytes were acknowledged, {there} are there.");
    }

    private static async Task<long> OffsetAsync(ServerProcess server, TusJsUpload upload, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(upload.Url!.PathAndQuery, UriKind.Relative));
        request.Headers.Add("Tus-Resumable", "1.0.0");
        using var answer = await server.Client.SendAsync(request, ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
    }

    /// <summary>Begins like a FLAC, which is as far as the server looks; no mark is written into that kind, so it leaves as it came.</summary>
    private static async Task<(string Path, byte[] Digest)> MakeFileAsync()
    {
        var file = RandomNumberGenerator.GetBytes(Length);
        "fLaC"u8.CopyTo(file);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, file, Ct);
        return (path, SHA256.HashData(file));
    }
}
