using System.Text.Json;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.C2pa;

/// <summary>Manifests that the library of their authors reads.</summary>
public sealed class SignedMp4Tests(OutsideReaders readers)
{
    private static readonly string[] Film = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2", "-f", "lavfi", "-i", "sine=440:duration=2", "-c:v", "libx264", "-g", "10", "-c:a", "aac"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string[]> Files => new()
    {
        { "end.mp4", "video/mp4", Film },
        { "faststart.mp4", "video/mp4", [.. Film, "-movflags", "+faststart"] },
        { "fragmented.mp4", "video/mp4", [.. Film, "-movflags", "+frag_keyframe+empty_moov+default_base_moof"] },
        { "sound.m4a", "audio/mp4", ["-f", "lavfi", "-i", "sine=440:duration=2", "-c:a", "aac"] },
        { "film.mov", "video/quicktime", Film },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_is_valid_and_trusted_where_the_root_is_known(string name, string mediaType, string[] making)
    {
        using var authority = new TestAuthority();
        var path = await readers.MakeAsync(name, Ct, making);
        var source = new MemorySource(await File.ReadAllBytesAsync(path, Ct));
        var (marked, bytes) = await SignAsync(source, mediaType, UsageTag.NoTdmExceptSearch, authority, name);

        using var plain = await OutsideReaders.VerifyAsync(marked, mediaType, null, Ct);
        using var anchored = await OutsideReaders.VerifyAsync(marked, mediaType, authority.Write(readers.Folder), Ct);

        Assert.Equal("Valid", State(plain));
        Assert.Equal("Trusted", State(anchored));
        var manifest = plain.RootElement.GetProperty("manifests").EnumerateObject().Single().Value;
        var entries = manifest.GetProperty("assertions").EnumerateArray().Single(assertion => assertion.GetProperty("label").GetString() == "cawg.training-mining").GetProperty("data").GetProperty("entries");
        Assert.Equal("notAllowed", entries.GetProperty("cawg.ai_generative_training").GetProperty("use").GetString());
        Assert.Equal("search indexing only", entries.GetProperty("cawg.data_mining").GetProperty("constraint_info").GetString());
        Assert.Equal(UsageTag.NoTdmExceptSearch.PlusToken, (await OutsideReaders.ExifToolAsync(marked, Ct))["XMP-plus:DataMining"]);
        Assert.Equal(await OutsideReaders.FramesAsync(path, Ct), await OutsideReaders.FramesAsync(marked, Ct));
        Assert.Equal((await Mp4LayoutReader.ReadAsync(source, Ct)).Layout!.Length, bytes.Length);
    }

    [Fact]
    public async Task Any_byte_that_changes_makes_it_invalid()
    {
        using var authority = new TestAuthority();
        var source = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync("changed.mp4", Ct, Film), Ct));
        var (marked, bytes) = await SignAsync(source, "video/mp4", UsageTag.NoTdm, authority, "changed.mp4");
        var packet = bytes.AsSpan().IndexOf("DMI-PROHIBITED"u8);
        var claim = bytes.AsSpan().IndexOf("RecordingVault"u8);

        // In the manifest, in the words, in what is free, in the index, and in the media.
        foreach (var at in new[] { claim, packet, Mp4Layout.FrontLength - 100, Mp4Layout.FrontLength + 200, bytes.Length - 100 })
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(marked, changed, Ct);

            Assert.Contains("atch", await StateOfAsync(marked), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_manifest_that_the_file_had_is_carried_on_as_what_was_opened()
    {
        using var first = new TestAuthority();
        using var second = new TestAuthority();
        var source = new MemorySource(await File.ReadAllBytesAsync(await readers.MakeAsync("before.mp4", Ct, Film), Ct));
        var (_, once) = await SignAsync(source, "video/mp4", UsageTag.NoTdm, first, "once.mp4");
        var (twice, _) = await SignAsync(new MemorySource(once), "video/mp4", UsageTag.NoTdmExceptSearch, second, "twice.mp4");

        using var verified = await OutsideReaders.VerifyAsync(twice, "video/mp4", null, Ct);

        Assert.Equal("Valid", State(verified));
        var manifests = verified.RootElement.GetProperty("manifests").EnumerateObject().ToList();
        Assert.Equal(2, manifests.Count);
        var active = verified.RootElement.GetProperty("active_manifest").GetString();
        var opened = Assert.Single(manifests.Single(manifest => manifest.Name == active).Value.GetProperty("ingredients").EnumerateArray());
        Assert.Equal("parentOf", opened.GetProperty("relationship").GetString());
        Assert.Equal(manifests.Single(manifest => manifest.Name != active).Name, opened.GetProperty("active_manifest").GetString());
        var found = C2paReader.ReadBox(Assert.Single((await Mp4LayoutReader.ManifestBoxesAsync(new MemorySource(await File.ReadAllBytesAsync(twice, Ct)), Ct))!));
        Assert.Equal(2, found.Count);
        Assert.Contains("cawg.data_mining=notAllowed", found[0].Value, StringComparison.Ordinal);
        Assert.All(found, mark => Assert.Equal(UseDecision.Prohibited, mark.Objections.GenerativeTraining));
    }

    private static async Task<string> StateOfAsync(string path)
    {
        using var verified = await OutsideReaders.VerifyAsync(path, "video/mp4", null, Ct);
        return State(verified);
    }

    private static string State(JsonDocument verified) =>
        verified.RootElement.GetProperty("validation_state").GetString() is { } state and not "Invalid" ? state : verified.RootElement.GetProperty("validation_status").ToString();

    private async Task<(string Path, byte[] Bytes)> SignAsync(MemorySource source, string mediaType, UsageTag tag, TestAuthority authority, string name)
    {
        var bytes = await SignedFile.MakeAsync(source, mediaType, tag, authority, Ct);
        var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + name);
        await File.WriteAllBytesAsync(path, bytes, Ct);
        return (path, bytes);
    }
}
