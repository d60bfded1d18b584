using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Processing;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>Every kind that takes a manifest is downloaded signed, and plays as it did.</summary>
public sealed class SignedMediaTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("end.mp4", "video/mp4", "-c:v libx264 -g 10 -c:a aac")]
    [InlineData("faststart.mp4", "video/mp4", "-c:v libx264 -g 10 -c:a aac -movflags +faststart")]
    [InlineData("fragmented.mp4", "video/mp4", "-c:v libx264 -g 10 -c:a aac -movflags +frag_keyframe+empty_moov")]
    [InlineData("film.mov", "video/quicktime", "-c:v libx264 -g 10 -c:a aac")]
    [InlineData("sound.m4a", "audio/mp4", "-vn -c:a aac")]
    [InlineData("sound.mp3", "audio/mpeg", "-vn -c:a libmp3lame")]
    [InlineData("sound.wav", "audio/wav", "-vn -c:a pcm_s16le")]
    public async Task What_ffmpeg_makes_is_downloaded_signed_is_invalid_after_any_change_and_decodes_to_the_same(string name, string mediaType, string recipe)
    {
        var path = await MediaSamples.MakeAsync("signed-" + name, "-f lavfi -i testsrc=size=160x120:rate=10:duration=3 -f lavfi -i sine=duration=3 " + recipe);
        var content = await File.ReadAllBytesAsync(path, Ct);
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct, 50_000), Ct);

        var bytes = await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync(recording.Path + "/download", Ct);

        Assert.True(await SignedFile.IsValidAsync(shared.Vault, bytes, mediaType, UsageTag.NoTdm, Ct));
        foreach (var at in new[] { bytes.AsSpan().IndexOf("DMI-PROHIBITED"u8), bytes.AsSpan().IndexOf("notAllowed"u8), bytes.Length / 2 })
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            Assert.False(await SignedFile.IsValidAsync(shared.Vault, changed, mediaType, UsageTag.NoTdm, Ct));
        }

        SignedFile.AssertOnlyTheFrontDiffers(recording.Leaves, bytes);
        Assert.EndsWith("/DMI-PROHIBITED", (await FileMarks.FindAsync(new MemorySource(bytes), mediaType, Ct)).First(mark => mark.Carrier.StartsWith("XMP", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
        var kept = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + Path.GetExtension(name));
        await File.WriteAllBytesAsync(kept, bytes, Ct);
        Assert.Equal(await MediaSamples.FramesAsync(path, Ct), await MediaSamples.FramesAsync(kept, Ct));
        File.Delete(kept);
    }
}
