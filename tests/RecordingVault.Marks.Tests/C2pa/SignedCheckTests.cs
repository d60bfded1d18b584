using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.C2pa;

/// <summary>What is read back before a signed file leaves: our own reader, over the finished bytes.</summary>
public sealed class SignedCheckTests(OutsideReaders readers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string[]> Files => new()
    {
        { "film.mp4", "video/mp4", ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2", "-c:v", "libx264"] },
        { "sound.mp3", "audio/mpeg", ["-f", "lavfi", "-i", "sine=440:duration=2"] },
        { "sound.wav", "audio/wav", ["-f", "lavfi", "-i", "sine=440:duration=2"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Another_tag_another_key_and_any_change_are_found(string name, string mediaType, string[] making)
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        var source = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync(name, Ct, making), Ct));
        var bytes = await SignedFile.MakeAsync(source, mediaType, UsageTag.NoTdm, authority, Ct);

        Assert.False(await SignedFile.IsReadBackAsync(bytes, mediaType, UsageTag.NoAiTraining, authority, Ct));
        Assert.False(await SignedFile.IsReadBackAsync(bytes, mediaType, UsageTag.NoTdm, other, Ct));
        // In the words of either mark, in the claim, in its signature, in what fills up, in the media at both ends, and where the file is cut.
        var signature = bytes.AsSpan().IndexOf("c2pa.signature\0"u8);
        foreach (var at in new[] { bytes.AsSpan().IndexOf("DMI-PROHIBITED"u8), bytes.AsSpan().IndexOf("notAllowed"u8), bytes.AsSpan().IndexOf("RecordingVault"u8), signature + 200, bytes.Length / 2, bytes.Length - 100 })
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            Assert.False(await SignedFile.IsReadBackAsync(changed, mediaType, UsageTag.NoTdm, authority, Ct), $"A change at {at} of {bytes.Length} was not found.");
        }

        Assert.False(await SignedFile.IsReadBackAsync(bytes[..^1], mediaType, UsageTag.NoTdm, authority, Ct));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_differs_from_the_file_of_a_view_in_its_front_and_nowhere_else(string name, string mediaType, string[] making)
    {
        using var authority = new TestAuthority();
        var source = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync(name, Ct, making), Ct));
        var place = await SignedFile.PlaceAsync(source, mediaType, UsageTag.NoTdm, Ct);
        var plain = new byte[place.File.Length];
        await place.File.ReadAsync(0, plain, Ct);

        var signed = await SignedFile.MakeAsync(source, mediaType, UsageTag.NoTdm, authority, Ct);

        var (begin, end) = ((int)place.At, (int)place.At + place.Length);
        Assert.Equal(plain.Length, signed.Length);
        Assert.Equal(plain[..begin], signed[..begin]);
        Assert.Equal(plain[end..], signed[end..]);
        Assert.False(await SignedFile.IsReadBackAsync(plain, mediaType, UsageTag.NoTdm, authority, Ct));
    }
}
