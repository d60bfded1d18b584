using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.C2pa;

public sealed class SignedSoundTests(OutsideReaders readers)
{
    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=440:duration=2"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sound.mp3", "audio/mpeg")]
    [InlineData("sound.wav", "audio/wav")]
    public async Task It_is_valid_and_trusted_and_changes_are_seen(string name, string mediaType)
    {
        using var authority = new TestAuthority();
        var path = await readers.MakeAsync(name, Ct, [.. Tone, "-metadata", "title=Weekly"]);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        // Twice: what was signed here may come back, and its first manifest is carried on.
        var once = new MemorySource(await SignAsync(source, mediaType, UsageTag.NoGenaiTraining, authority));
        var bytes = await SignAsync(once, mediaType, UsageTag.NoTdm, authority);
        var marked = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(marked, bytes, Ct);

        Assert.Equal("Valid", await StateAsync(marked, mediaType, null));
        Assert.Equal("Trusted", await StateAsync(marked, mediaType, authority.Write(readers.Folder)));
        Assert.Equal(UsageTag.NoTdm.PlusToken, (await OutsideReaders.ExifToolAsync(marked, Ct))["XMP-plus:DataMining"]);
        Assert.Equal(await OutsideReaders.FramesAsync(path, Ct), await OutsideReaders.FramesAsync(marked, Ct));

        var store = Assert.Single((mediaType == "audio/mpeg" ? await Id3Carrier.ManifestsAsync(new MemorySource(bytes), Ct) : await RiffCarrier.ManifestsAsync(new MemorySource(bytes), Ct))!);
        Assert.Equal(2, C2paReader.Read(store).Count);
        var broken = store.ToArray();
        // The length of the description of the first assertion that speaks of use: what can't be read there counts as a prohibition, not as silence.
        broken[broken.AsSpan().IndexOf("cawg.training-mining"u8) - 17 - 8] = 0x7F;
        Assert.Equal(2, C2paReader.Read(broken).Count);
        Assert.Equal(UsageRights.Nothing, C2paReader.Read(broken)[0].Objections);

        foreach (var at in new[] { bytes.AsSpan().IndexOf("DMI-PROHIBITED"u8), bytes.Length / 2 })
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(marked, changed, Ct);
            Assert.Equal("Invalid", await StateAsync(marked, mediaType, null));
        }
    }

    private static async Task<byte[]> SignAsync(MemorySource source, string mediaType, UsageTag tag, TestAuthority authority)
    {
        var mark = new C2paMark(Guid.CreateVersion7(), mediaType, "RecordingVault/0.1.0");
        var splice = mediaType == "audio/mpeg"
            ? await SignedSound.Mp3Async(source, new XmpMark(tag), mark, authority.Signer, Ct)
            : await SignedSound.WavAsync(source, new XmpMark(tag), mark, authority.Signer, Ct);
        return await splice!.ReadAllAsync(source, Ct);
    }

    private static async Task<string?> StateAsync(string path, string mediaType, string? anchors)
    {
        using var verified = await OutsideReaders.VerifyAsync(path, mediaType, anchors, Ct);
        return verified.RootElement.GetProperty("validation_state").GetString();
    }
}
