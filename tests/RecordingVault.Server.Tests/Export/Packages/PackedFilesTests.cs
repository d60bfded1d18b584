using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Packages;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>Which files of a recording lie in its package, how each carries the mark, and what is said of those that do not.</summary>
public sealed class PackedFilesTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("audio/ogg")]
    [InlineData("audio/flac")]
    public async Task A_file_of_a_kind_that_takes_no_mark_lies_there_as_it_is_with_its_mark_beside_it(string mediaType)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 20_000, Ct, mediaType);
        using var zip = await FetchAsync(tenant, recording.Id);
        var ending = KnownMedia.Find(mediaType)!.Ending;
        var files = Description(zip).GetProperty("files").EnumerateArray().ToList();

        Assert.Equal(recording.Content, Read(zip, $"data/original-1{ending}"));
        var mark = Assert.Single(await FileMarks.FindAsync(new MemorySource(Read(zip, $"data/original-1{ending}.xmp")), "application/rdf+xml", Ct));
        Assert.EndsWith("DMI-PROHIBITED", mark.Value, StringComparison.Ordinal);
        Assert.Equal(
            [("original", "xmp-sidecar", "Müller 6.mov"), ("sidecar", "xmp", null), ("sidecar", "c2pa", null)],
            files.Select(file => (file.GetProperty("role").GetString(), string.Join(' ', file.GetProperty("carriers").EnumerateArray().Select(carrier => carrier.GetString())), file.GetProperty("originalName").GetString())));
        Assert.Empty(Description(zip).GetProperty("leftOut").EnumerateArray());
        var exported = (await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "recording.exported");
        Assert.Equal("xmp-sidecar xmp c2pa", exported.GetProperty("details").GetProperty("carriers").GetString());
    }

    [Fact]
    public async Task What_is_not_signed_in_itself_has_its_manifest_beside_it_signed_by_a_published_key_and_any_change_is_found()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var film = Avi();
        var recording = await (await StoredRecording.PutAsync(shared.Vault, tenant, film, (store, key) => StoredRecording.StoreAsync(store, key, film, "video/x-msvideo", Ct), Ct)).LaidOutAsync(Ct);
        await AddCaptionsAsync(recording, Captions(cues: 3, words: 5));
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        var package = await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);
        List<BesideFile> beside = [];
        await PackageVerifier.VerifyAsync(new MemoryStream(package), new BesideFiles(Sidecars.C2paEnding, Sidecars.LongestStore, beside.Add), Ct);
        using var zip = new ZipArchive(new MemoryStream(package));
        var published = JsonDocument.Parse(await shared.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct)).RootElement.GetProperty("keys").EnumerateArray()
            .Where(key => key.GetProperty("use").GetString() == "c2pa").Select(key => key.GetProperty("certificate").GetString()).ToList();

        Assert.Equal(["data/original-1.avi.c2pa", "data/captions-1.vtt.c2pa"], beside.Select(file => file.Name));
        foreach (var file in beside)
        {
            var content = Read(zip, file.Of!.Name);
            var store = file.Content!.Value;
            var found = DetachedManifest.Judge(store, SHA256.HashData(content));
            Assert.Equal((DetachedVerdict.Bound, true), (found.Verdict, published.Contains(Base64Url.EncodeToString(found.Certificate.Span))));
            Assert.True(DetachedManifest.IsExactly(store, file.Of.Sha256, UsageTag.NoTdm, found.Certificate));
            content[content.Length / 2] ^= 1;
            Assert.Equal(DetachedVerdict.OtherBytes, DetachedManifest.Judge(store, SHA256.HashData(content)).Verdict);
            var changed = package.ToArray();
            changed[changed.AsSpan().IndexOf(store.Span) + (store.Length / 2)] ^= 1;
            await Assert.ThrowsAsync<PackageException>(() => PackageVerifier.VerifyAsync(new MemoryStream(changed), Ct));
        }

        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(await FileMarks.FindAsync(new MemorySource(Read(zip, "data/original-1.avi")), "video/x-msvideo", Ct)).Value, StringComparison.Ordinal);
        Assert.Equal(
            [("original", "xmp"), ("sidecar", "c2pa"), ("captions", "vtt"), ("sidecar", "c2pa")],
            Description(zip).GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("role").GetString(), Assert.Single(file.GetProperty("carriers").EnumerateArray()).GetString())));
    }

    [Fact]
    public async Task Captions_lie_there_whole()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        await AddCaptionsAsync(recording, Captions(cues: 40_000, words: 60));
        using var zip = await FetchAsync(tenant, recording.Id);

        var text = Encoding.UTF8.GetString(Read(zip, "data/captions-1.vtt"));

        Assert.Equal(40_000, TimedText.Read(text).Count);
        Assert.Empty(Description(zip).GetProperty("leftOut").EnumerateArray());
    }

    [Theory]
    [InlineData(30_000, 200)]
    [InlineData(TimedText.MostCues + 1, 2)]
    public async Task Captions_that_are_too_long_are_left_out_and_the_package_says_so(int cues, int words)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        await AddCaptionsAsync(recording, Captions(cues, words));
        using var zip = await FetchAsync(tenant, recording.Id);

        var left = Assert.Single(Description(zip).GetProperty("leftOut").EnumerateArray());

        Assert.Equal(("captions", "too-long"), (left.GetProperty("role").GetString(), left.GetProperty("reason").GetString()));
        Assert.DoesNotContain(zip.Entries, entry => entry.Name.StartsWith("captions", StringComparison.Ordinal));
        Assert.Contains("The captions are longer than a package takes.", Encoding.UTF8.GetString(Read(zip, "README.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_film_whose_copy_is_still_encoded_is_left_out_and_the_others_do_not_wait_for_it()
    {
        // Where nobody works: the film waits for ever.
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = "web" });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var (ready, waiting) = (await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutUnmarkableAsync(tenant, Ct));

        var id = await PackedRecording.MakeAsync(tenant, Ct, ready.Id, waiting.Id);
        var export = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", Ct);

        Assert.Equal("ready", export.GetProperty("state").GetString());
        Assert.Equal([("packed", null), ("refused", "being-marked")], export.GetProperty("recordings").EnumerateArray().Select(line => (line.GetProperty("outcome").GetString(), line.GetProperty("reason").GetString())));
    }

    /// <summary>A form with a chunk of bytes in it: more than that no carrier of AVI looks at.</summary>
    private static byte[] Avi()
    {
        byte[] film = [.. "RIFF\0\0\0\0AVI LIST\0\0\0\0movi"u8, .. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31))];
        BinaryPrimitives.WriteInt32LittleEndian(film.AsSpan(4), film.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(film.AsSpan(16), film.Length - 20);
        return film;
    }

    private static byte[] Captions(int cues, int words)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        for (var i = 0; i < cues; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{TimeSpan.FromSeconds(i):hh\\:mm\\:ss}.000 --> {TimeSpan.FromSeconds(i):hh\\:mm\\:ss}.900\n").Append('w', words).Append("\n\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task AddCaptionsAsync(StoredRecording recording, byte[] captions)
    {
        await using var scope = recording.Tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var asset = await recording.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Captions, "text/vtt", new MemoryStream(captions), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recording.Id, [new NewAsset(asset) { FileName = "words.vtt" }], key, Actor.System, () => Task.CompletedTask, Ct);
    }

    private static async Task<ZipArchive> FetchAsync(TestTenant tenant, Guid recording)
    {
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording);
        var bytes = await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);
        await PackageVerifier.VerifyAsync(new MemoryStream(bytes), Ct);
        return new ZipArchive(new MemoryStream(bytes));
    }

    private static JsonElement Description(ZipArchive zip) => JsonDocument.Parse(Read(zip, "data/description.json")).RootElement;

    private static byte[] Read(ZipArchive zip, string name)
    {
        using var content = zip.Entries.Single(entry => entry.FullName.EndsWith("/" + name, StringComparison.Ordinal)).Open();
        using var all = new MemoryStream();
        content.CopyTo(all);
        return all.ToArray();
    }
}
