using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.C2pa;

/// <summary>Manifest stores in files of their own, for kinds in which none is embedded.</summary>
public sealed class DetachedManifestTests(OutsideReaders readers)
{
    private static readonly byte[] s_file = [.. "OggS"u8, .. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 31))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_bound_to_every_byte_of_its_file_and_any_change_of_either_is_found()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        foreach (var tag in UsageTag.All)
        {
            var store = await MakeAsync("audio/ogg", s_file, tag, authority);
            Assert.True(DetachedManifest.IsExactly(store, SHA256.HashData(s_file), tag, authority.Signer.Certificates[0]));
            Assert.False(DetachedManifest.IsExactly(store, SHA256.HashData(s_file), UsageTag.All.First(one => one != tag), authority.Signer.Certificates[0]));
            Assert.False(DetachedManifest.IsExactly(store, SHA256.HashData(s_file), tag, other.Signer.Certificates[0]));
        }

        var bound = await MakeAsync("audio/ogg", s_file, UsageTag.NoTdm, authority);
        for (var at = 0; at < s_file.Length; at++)
        {
            s_file[at] ^= 1;
            Assert.Equal(DetachedVerdict.OtherBytes, DetachedManifest.Judge(bound, SHA256.HashData(s_file)).Verdict);
            s_file[at] ^= 1;
        }

        // From the first assertion to the end of the signature, but for 17 bytes before the labels of claim and signature, which say what kind of box that is.
        int[] labels = [bound.AsSpan().IndexOf("c2pa.claim.v2\0"u8), bound.AsSpan().LastIndexOf("c2pa.signature\0"u8)];
        for (var at = bound.AsSpan().IndexOf("dc:format"u8); at < bound.Length; at++)
        {
            byte[] changed = [.. bound];
            changed[at] ^= 1;
            Assert.Equal(Array.Exists(labels, label => at < label && at >= label - 17), DetachedManifest.IsExactly(changed, SHA256.HashData(s_file), UsageTag.NoTdm, authority.Signer.Certificates[0]));
        }

        Assert.Equal(DetachedVerdict.NotSigned, DetachedManifest.Judge(bound.AsMemory(0, bound.Length - 1), SHA256.HashData(s_file)).Verdict);
        Assert.Equal(DetachedVerdict.NotSigned, DetachedManifest.Judge(s_file, SHA256.HashData(s_file)).Verdict);
        Assert.Equal(DetachedVerdict.OtherBytes, DetachedManifest.Judge(bound, default).Verdict);
    }

    /// <summary>c2pa-wasm is given no file apart from its store: it judges the signature and the assertions, and misses the file; what the store is bound to is compared by SHA-256 here.</summary>
    [Theory]
    [InlineData("audio/ogg", true)]
    [InlineData("video/webm", false)]
    [InlineData("text/vtt", false)]
    public async Task An_outside_reader_finds_the_signature_and_every_assertion_right(string mediaType, bool isUnchanged)
    {
        using var authority = new TestAuthority();
        var store = await MakeAsync(mediaType, s_file, UsageTag.NoTdm, authority, isUnchanged);
        var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + Sidecars.C2paEnding);
        await File.WriteAllBytesAsync(path, store, Ct);

        using var verified = await OutsideReaders.VerifyAsync(path, Sidecars.C2paMediaType, authority.Write(readers.Folder), Ct);
        var manifest = Assert.Single(verified.RootElement.GetProperty("manifests").EnumerateObject()).Value;
        var assertions = manifest.GetProperty("assertions").EnumerateArray().ToDictionary(assertion => assertion.GetProperty("label").GetString()!, assertion => assertion.GetProperty("data"));
        var found = verified.RootElement.GetProperty("validation_results").GetProperty("activeManifest");

        Assert.Contains("claimSignature.validated", Codes(found, "success"));
        Assert.Contains("signingCredential.trusted", Codes(found, "success"));
        Assert.Equal(4, Codes(found, "success").Count(code => code == "assertion.hashedURI.match"));
        Assert.Equal(["assertion.dataHash.mismatch"], Codes(found, "failure"));
        Assert.Equal("notAllowed", assertions["cawg.training-mining"].GetProperty("entries").GetProperty("cawg.ai_generative_training").GetProperty("use").GetString());
        Assert.Equal(isUnchanged ? ["c2pa.opened"] : ["c2pa.opened", "c2pa.edited.metadata"], assertions["c2pa.actions.v2"].GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("action").GetString()));
        Assert.True(store.AsSpan().IndexOf(SHA256.HashData(s_file)) > 0);
    }

    [Fact]
    public async Task A_manifest_that_an_AVI_had_is_carried_on()
    {
        using var authority = new TestAuthority();
        var first = await MakeAsync("audio/ogg", s_file, UsageTag.NoGenaiTraining, authority);
        var avi = Avi(first);

        var store = await MakeAsync("video/x-msvideo", avi, UsageTag.NoTdm, authority);

        Assert.Equal(2, C2paReader.Read(store).Count);
        Assert.True(DetachedManifest.IsExactly(store, SHA256.HashData(avi), UsageTag.NoTdm, authority.Signer.Certificates[0]));
        Assert.Null(await DetachedManifest.MakeAsync(new MemorySource(Avi([1, 2, 3, 4])), SHA256.HashData(avi), UsageTag.NoTdm, new C2paMark(Guid.CreateVersion7(), "video/x-msvideo", "RecordingVault/0.1.0"), authority.Signer, Ct));
    }

    [Fact]
    public void It_is_for_the_kinds_that_are_not_signed_in_themselves()
    {
        Assert.All(["audio/ogg", "audio/flac", "video/webm", "video/x-matroska", "video/x-msvideo", "text/vtt", "text/plain", "image/jpeg"], mediaType => Assert.True(DetachedManifest.IsFor(mediaType)));
        Assert.All(["video/mp4", "audio/mpeg", "audio/wav"], mediaType => Assert.False(DetachedManifest.IsFor(mediaType)));
    }

    private static async Task<byte[]> MakeAsync(string mediaType, byte[] file, UsageTag tag, TestAuthority authority, bool isUnchanged = true) => (await DetachedManifest.MakeAsync(
        new MemorySource(file), SHA256.HashData(file), tag, new C2paMark(Guid.CreateVersion7(), mediaType, "RecordingVault/0.1.0") { IsUnchanged = isUnchanged }, authority.Signer, Ct))!;

    private static List<string?> Codes(JsonElement found, string outcome) => [.. found.GetProperty(outcome).EnumerateArray().Select(one => one.GetProperty("code").GetString())];

    /// <summary>A form with a list of no frames, and a manifest in its last chunk.</summary>
    private static byte[] Avi(byte[] store)
    {
        byte[] avi = [.. "RIFF\0\0\0\0AVI LIST\u0004\0\0\0movi"u8, .. "C2PA\0\0\0\0"u8, .. store, .. new byte[store.Length & 1]];
        BinaryPrimitives.WriteInt32LittleEndian(avi.AsSpan(4), avi.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(avi.AsSpan(28), store.Length);
        return avi;
    }
}
