using System.Buffers.Binary;
using System.Text.Json;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Cli.Tests;

public sealed class InspectMarksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-inspect-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_sound_tells_its_mark_and_what_follows_for_each_use()
    {
        var run = await VaultRun.OfAsync("inspect", await WriteAsync("talk.bin", await MarkedSoundAsync(UsageTag.NoAiTraining)));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("what          WAV, ", run.Out);
        Assert.Contains("XMP plus:DataMining in talk.bin: http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING", run.Out);
        Assert.Contains("together      generative training prohibited, other training prohibited, inference not mentioned, mining not mentioned, search not mentioned", run.Out);
        Assert.DoesNotContain("disagree", run.Out);
        Assert.Contains("No signature was checked", run.Out);
    }

    [Fact]
    public async Task A_sidecar_that_says_otherwise_is_pointed_at_and_the_stricter_counts()
    {
        var file = await WriteAsync("talk.wav", await MarkedSoundAsync(UsageTag.NoGenaiTraining));
        await WriteAsync("talk.xmp", XmpPacket.Write(new XmpMark(UsageTag.AllowedUse)));

        var run = await VaultRun.OfAsync("inspect", file);
        var json = JsonDocument.Parse((await VaultRun.OfAsync("inspect", file, "--json")).Out).RootElement;

        Assert.Contains("disagree      on generative training: XMP plus:DataMining in talk.wav says prohibited, XMP plus:DataMining in talk.xmp says allowed. The stricter counts.", run.Out);
        Assert.DoesNotContain("on other training", run.Out);
        Assert.Equal("audio/wav", json.GetProperty("kind").GetString());
        Assert.Equal(2, json.GetProperty("marks").GetArrayLength());
        Assert.Equal("prohibited", json.GetProperty("together").GetProperty("generative-training").GetString());
        Assert.Equal("allowed", json.GetProperty("together").GetProperty("search").GetString());
        Assert.Equal(["generative-training"], json.GetProperty("disagreements").EnumerateArray().Select(use => use.GetString()));
    }

    [Theory]
    [InlineData("talk.flac.xmp")]
    [InlineData("talk.xmp")]
    public async Task A_sound_that_takes_no_mark_tells_the_one_in_its_sidecar(string sidecar)
    {
        var file = await WriteAsync("talk.flac", [.. "fLaC\0\0\0\"\u0010\0\u0010\0"u8, .. new byte[200]]);
        await WriteAsync(sidecar, Sidecars.Xmp("audio/flac", new XmpMark(UsageTag.NoTdm))!);

        var run = await VaultRun.OfAsync("inspect", file);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"XMP plus:DataMining in {sidecar}: http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED", run.Out);
    }

    [Theory]
    [InlineData("talk.wav.c2pa")]
    [InlineData("talk.xmp")]
    public async Task A_sidecar_that_nobody_can_read_counts_as_a_prohibition(string sidecar)
    {
        var file = await WriteAsync("talk.wav", await MarkedSoundAsync(UsageTag.AllowedUse));
        await WriteAsync(sidecar, "no marks, but some words that somebody left here"u8.ToArray());

        var json = JsonDocument.Parse((await VaultRun.OfAsync("inspect", file, "--json")).Out).RootElement;

        Assert.Equal("prohibited", json.GetProperty("together").GetProperty("mining").GetString());
        Assert.Equal(5, json.GetProperty("disagreements").GetArrayLength());
    }

    [Fact]
    public async Task What_says_nothing_is_no_permission()
    {
        var silent = await VaultRun.OfAsync("inspect", await WriteAsync("silent.wav", Sound()));
        var placeless = await VaultRun.OfAsync("inspect", await WriteAsync("talk.flac", [.. "fLaC"u8, .. new byte[80]]));

        Assert.Equal((0, 0), (silent.Code, placeless.Code));
        Assert.Contains("marks         none. Nothing was said of its use, which is no permission.", silent.Out);
        Assert.Contains("this kind of file has no place for one", placeless.Out);
    }

    [Fact]
    public async Task A_broken_film_counts_as_a_prohibition()
    {
        var run = await VaultRun.OfAsync("inspect", await WriteAsync("cut.mp4", [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 0, 0, .. "isommp42"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "moov"u8]));

        Assert.Equal(0, run.Code);
        Assert.Contains("unreadable", run.Out);
        Assert.Contains("together      generative training prohibited", run.Out);
    }

    [Fact]
    public async Task Captions_and_JSON_tell_theirs_too()
    {
        var captions = await VaultRun.OfAsync("inspect", await WriteAsync("talk.vtt", [.. "\uFEFF"u8, .. System.Text.Encoding.UTF8.GetBytes(VttCarrier.Write("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", UsageTag.NoTdmExceptSearch)!)]));
        var chat = await VaultRun.OfAsync("inspect", await WriteAsync("chat.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["usage"] = UsageMember.Of(UsageTag.ConstrainedUse) })));

        Assert.Contains("WebVTT NOTE in talk.vtt: no-tdm-except-search", captions.Out);
        Assert.Contains("mining under conditions, search allowed", captions.Out);
        Assert.Contains("JSON usage in chat.json: constrained", chat.Out);
    }

    [Fact]
    public async Task An_unknown_file_has_no_marks_to_show()
    {
        var run = await VaultRun.OfAsync("inspect", await WriteAsync("noise", new byte[500]), "--json");

        Assert.Equal(2, run.Code);
        Assert.Contains("none that this program knows", run.Error);
    }

    private static async Task<byte[]> MarkedSoundAsync(UsageTag tag)
    {
        var sound = new MemorySource(Sound());
        return await (await RiffCarrier.WriteAsync(sound, new XmpMark(tag), Ct))!.ReadAllAsync(sound, Ct);
    }

    /// <summary>A tenth of a second of silence: 8 kHz, 16 bits, one channel.</summary>
    private static byte[] Sound()
    {
        const int length = 1600;
        var sound = new byte[44 + length];
        "RIFF"u8.CopyTo(sound);
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(4), sound.Length - 8);
        "WAVEfmt "u8.CopyTo(sound.AsSpan(8));
        ReadOnlySpan<byte> format = [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0];
        format.CopyTo(sound.AsSpan(16));
        "data"u8.CopyTo(sound.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(40), length);
        return sound;
    }

    private async Task<string> WriteAsync(string name, byte[] content)
    {
        var file = Path.Combine(folder, name);
        await File.WriteAllBytesAsync(file, content, Ct);
        return file;
    }
}
