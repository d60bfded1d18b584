using System.Net;
using System.Net.Sockets;
using System.Text;
using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>Files that were made to hurt: each ends in a failure of its own and reaches nothing (security.md 6).</summary>
[Trait("Run", "Once")]
public sealed class HostileMediaTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("video/mp4")]
    [InlineData("video/webm")]
    [InlineData("audio/mpeg")]
    [InlineData("video/mp2t")]
    [InlineData("video/x-ms-asf")]
    public async Task A_playlist_dressed_as_media_is_no_media_and_asks_nobody(string mediaType)
    {
        using var canary = new CanaryListener();
        var secret = await MediaSamples.TextAsync("canary.txt", "canary", Ct);
        string[] playlists =
        [
            $"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{canary.Address}a.ts\n#EXTINF:4,\nfile://{secret}\n#EXT-X-ENDLIST\n",
            $"ffconcat version 1.0\nfile '{canary.Address}a.mp4'\nfile '{secret}'\n",
            $"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet><Representation id=\"1\" bandwidth=\"1\"><BaseURL>{canary.Address}</BaseURL></Representation></AdaptationSet></Period></MPD>",
            $"[Reference]\nRef1={canary.Address}a.asf\n",
        ];
        foreach (var playlist in playlists)
            Assert.Contains(await FailureAsync(Encoding.UTF8.GetBytes(playlist), mediaType), new[] { MediaFailure.Broken, MediaFailure.NotMedia });

        Assert.Equal(0, canary.Visits);
    }

    [Fact]
    public async Task Garbage_a_cut_file_and_nothing_at_all_fail_by_their_names()
    {
        var whole = await MediaSamples.BytesAsync("plain.mp4", Ct);
        var garbage = Uploads.Footage.Make(200_000);

        Assert.Equal(MediaFailure.Broken, await FailureAsync(garbage, "video/mp4"));
        Assert.Equal(MediaFailure.Broken, await FailureAsync(whole[..(whole.Length / 2)], "video/mp4"));
        Assert.Equal(MediaFailure.NotMedia, await FailureAsync([], "video/mp4"));
    }

    [Fact]
    public async Task A_picture_larger_than_any_camera_makes_is_not_decoded()
    {
        var film = await MediaSamples.MakeAsync("absurd.mkv", "-f lavfi -i color=size=12000x8000:rate=1:duration=1 -frames:v 1 -c:v mjpeg");

        Assert.Equal(MediaFailure.TooLarge, await FailureAsync(await File.ReadAllBytesAsync(film, Ct), "video/x-matroska"));
    }

    [Theory]
    [InlineData(1e10)]
    [InlineData(1e13)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_film_that_says_it_never_ends_is_not_believed(double milliseconds)
    {
        var film = await MediaSamples.BytesAsync("meeting.mkv", Ct);
        // Duration: element 44 89 of eight bytes, a big-endian double in milliseconds.
        var at = film.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x44, 0x89, 0x88]);
        System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(film.AsSpan(at + 3), milliseconds);
        await using var sample = await SealedSample.PutAsync(film, Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("video/x-matroska")!, Ct);

        try
        {
            // Where the header makes no sense, the tracks' own words count.
            var duration = (await desk.ProbeAsync(Ct)).Duration;
            Assert.True(duration is null || duration < TimeSpan.FromSeconds(5));
        }
        catch (MediaFailedException refused)
        {
            Assert.Equal(MediaFailure.TooLong, refused.Failure);
        }
    }

    [Fact]
    public async Task A_file_that_unfolds_without_end_is_stopped_by_its_limits()
    {
        // Four hours of silence, in a few hundred kilobytes.
        var sound = await MediaSamples.MakeAsync("bomb.flac", "-f lavfi -i anullsrc=channel_layout=mono:sample_rate=8000 -t 14400 -c:a flac -compression_level 0 -frame_size 65535");
        await using var sample = await SealedSample.PutAsync(await File.ReadAllBytesAsync(sound, Ct), Ct);
        await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("audio/flac")!, Ct);

        var byWork = await Assert.ThrowsAsync<MediaFailedException>(() => desk.RunAsync("-ar 192000 -ac 8 -f s16le", (stream, token) => stream.CopyToAsync(Stream.Null, token), new RunLimits(1), Ct));
        var byLength = await Assert.ThrowsAsync<MediaFailedException>(() => desk.ReadAsync("-f s16le", 1024 * 1024, RunLimits.Short, Ct));

        Assert.Equal(MediaFailure.TooMuchWork, byWork.Failure);
        Assert.Equal(MediaFailure.TooMuchWork, byLength.Failure);
    }

    [Fact]
    public async Task A_film_whose_data_lies_elsewhere_is_not_followed_there()
    {
        // QuickTime can say that a track's samples lie in another file: the data reference `alis`, or `url ` with an address.
        var secret = await MediaSamples.PathAsync("call.wav", Ct);
        using var canary = new CanaryListener();
        foreach (var reference in new[] { DataReferences.Alias(secret), DataReferences.Url(canary.Address.ToString()), DataReferences.Url($"file://{secret}") })
        {
            var film = DataReferences.Point(await MediaSamples.BytesAsync("call.m4a", Ct), reference);
            await using var sample = await SealedSample.PutAsync(film, Ct);
            await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For("audio/mp4")!, Ct);
            try
            {
                var sound = await desk.ReadAsync("-map 0:a:0 -c copy -f adts", 1024 * 1024, RunLimits.Short, Ct);
                Assert.DoesNotContain("RIFF", Encoding.Latin1.GetString(sound), StringComparison.Ordinal);
            }
            catch (MediaFailedException)
            {
                // Refused as a whole: as good.
            }
        }

        Assert.Equal(0, canary.Visits);
    }

    private static async Task<MediaFailure> FailureAsync(byte[] content, string mediaType)
    {
        await using var sample = await SealedSample.PutAsync(content, Ct);
        var fault = await Assert.ThrowsAsync<MediaFailedException>(async () =>
        {
            await using var desk = await MediaDesk.OpenAsync(sample.Asset, Demuxer.For(mediaType)!, Ct);
            var facts = await desk.ProbeAsync(Ct);
            if (facts.Video is not null)
                await Poster.MakeAsync(desk, facts, Ct);
        });
        return fault.Failure;
    }
}

/// <summary>A listener on this machine's loopback that nobody has a reason to visit.</summary>
internal sealed class CanaryListener : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private int visits;

    public CanaryListener()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public int Visits => Volatile.Read(ref visits);

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var visitor = await listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref visits);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }
}

/// <summary>Writes into an MP4's `dref` where its samples lie.</summary>
internal static class DataReferences
{
    public static byte[] Url(string address) => Entry("url ", Encoding.ASCII.GetBytes(address + "\0"));

    /// <summary>An alias record of the old Mac's: volume, path in pieces, and the path as a whole (type 18).</summary>
    public static byte[] Alias(string path)
    {
        var name = Path.GetFileName(path);
        var record = new byte[150];
        record[5] = 150;
        record[50] = (byte)Math.Min(63, name.Length);
        Encoding.ASCII.GetBytes(name).CopyTo(record, 51);
        record[131] = 2; // levels up, and down below
        record[133] = 2;
        var whole = Encoding.ASCII.GetBytes(path.Length % 2 == 0 ? path : path + "\0");
        return Entry("alis", [.. record, 0, 18, (byte)(path.Length >> 8), (byte)path.Length, .. whole, 0xFF, 0xFF, 0, 0]);
    }

    /// <summary>The film with its only data reference replaced. Its index lies at its end, so nothing of the samples moves.</summary>
    public static byte[] Point(byte[] film, byte[] entry)
    {
        var at = film.AsSpan().IndexOf("dref"u8) - 4;
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(film.AsSpan(at));
        byte[] reference = [0, 0, 0, 0, (byte)'d', (byte)'r', (byte)'e', (byte)'f', 0, 0, 0, 0, 0, 0, 0, 1, .. entry];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(reference, reference.Length);
        byte[] pointed = [.. film.AsSpan(0, at), .. reference, .. film.AsSpan(at + length)];
        foreach (var outer in new[] { "dinf", "minf", "mdia", "trak", "moov" })
        {
            var place = pointed.AsSpan(0, at).LastIndexOf(Encoding.ASCII.GetBytes(outer)) - 4;
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(pointed.AsSpan(place), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(pointed.AsSpan(place)) + reference.Length - length);
        }

        return pointed;
    }

    private static byte[] Entry(string type, byte[] content)
    {
        byte[] entry = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, .. content];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(entry, entry.Length);
        return entry;
    }
}
