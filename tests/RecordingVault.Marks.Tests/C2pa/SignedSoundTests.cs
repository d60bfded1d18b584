using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

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
        var once = new MemorySource(await SignedFile.MakeAsync(source, mediaType, UsageTag.NoGenaiTraining, authority, Ct));
        var bytes = await SignedFile.MakeAsync(once, mediaType, UsageTag.NoTdm, authority, Ct);
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

    private static async Task<string?> StateAsync(string path, string mediaType, string? anchors)
    {
        using var verified = await OutsideReaders.VerifyAsync(path, mediaType, anchors, Ct);
        return verified.RootElement.GetProperty("validation_state").GetString();
    }
}
