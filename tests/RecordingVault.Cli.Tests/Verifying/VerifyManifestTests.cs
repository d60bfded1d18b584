using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Tests.Verifying;

/// <summary>`vault verify` and `vault inspect` with manifests that lie beside their files, in a package and out of it.</summary>
public sealed class VerifyManifestTests : IDisposable
{
    private static readonly DateTimeOffset s_madeAt = new(2026, 11, 27, 9, 30, 0, TimeSpan.Zero);
    private static readonly byte[] s_sound = [.. "OggS"u8, .. new byte[300]];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vault-verify-");
    private readonly ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] certificate;
    private readonly SigningKey key;

    public VerifyManifestTests()
    {
        var request = new CertificateRequest("CN=Test tenant", curve, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(s_madeAt.AddDays(-1), s_madeAt.AddYears(1));
        certificate = made.RawData;
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;
        key = SigningKey.New(data, SignatureKind.Ed25519).Key;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_out_of_a_package_is_judged_by_the_manifest_beside_it()
    {
        var file = await WriteAsync("original-1.ogg", s_sound);
        var store = await WriteAsync("original-1.ogg.c2pa", await StoreAsync(s_sound));
        var keys = await KeysAsync(curve.ExportSubjectPublicKeyInfo());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var others = await KeysAsync(other.ExportSubjectPublicKeyInfo());

        foreach (var path in new[] { file, store })
        {
            var whole = await VaultRun.OfAsync("verify", path);
            Assert.Equal(0, whole.Code);
            Assert.Contains("not a byte of the file beside it was changed", whole.Out, StringComparison.Ordinal);
            Assert.Contains("cawg.ai_generative_training=notAllowed", whole.Out, StringComparison.Ordinal);
            Assert.Equal((0, "published"), Key(await VaultRun.OfAsync("verify", path, "--json", "--keys", keys)));
            Assert.Equal((3, "not-published"), Key(await VaultRun.OfAsync("verify", path, "--json", "--keys", others)));
        }

        Assert.Contains("original-1.ogg.c2pa: its signature is right, and not a byte", (await VaultRun.OfAsync("inspect", file)).Out, StringComparison.Ordinal);
        foreach (var at in new[] { 0, 150, s_sound.Length - 1 })
        {
            byte[] changed = [.. s_sound];
            changed[at] ^= 0x20;
            await WriteAsync("original-1.ogg", changed);
            var run = await VaultRun.OfAsync("verify", file);
            Assert.Equal((1, ""), (run.Code, run.Out));
            Assert.Contains("CHANGED", run.Error, StringComparison.Ordinal);
            Assert.Equal("digest", Read(await VaultRun.OfAsync("verify", store, "--json")).GetProperty("failure").GetString());
        }

        Assert.Equal("other-bytes", Verdict(await VaultRun.OfAsync("inspect", file, "--json")));
        var torn = await File.ReadAllBytesAsync(store, Ct);
        torn[torn.AsSpan().IndexOf("notAllowed"u8)] ^= 1;
        await WriteAsync("original-1.ogg.c2pa", torn);
        Assert.Equal((1, "signature"), await VaultRun.OfAsync("verify", file, "--json") is var refused ? (refused.Code, Read(refused).GetProperty("failure").GetString()) : default);
        Assert.Equal("not-signed", Verdict(await VaultRun.OfAsync("inspect", file, "--json")));
        File.Delete(file);
        Assert.Equal(2, (await VaultRun.OfAsync("verify", store)).Code);
    }

    [Fact]
    public async Task Those_in_a_package_are_judged_with_it_and_one_of_another_file_is_said_so()
    {
        var store = await StoreAsync(s_sound);
        var whole = await PackageAsync(PackageFile.Of("original-1.ogg", s_sound), PackageFile.Of("original-1.ogg.c2pa", store));
        var judged = await VaultRun.OfAsync("verify", whole);
        Assert.Equal(0, judged.Code);
        Assert.Contains("data/original-1.ogg.c2pa: its signature is right, and not a byte", judged.Out, StringComparison.Ordinal);
        Assert.Equal((3, "not-published"), Key(await VaultRun.OfAsync("verify", whole, "--json", "--keys", await KeysAsync(RandomNumberGenerator.GetBytes(91)))));
        Assert.Equal((0, "published"), Key(await VaultRun.OfAsync("verify", whole, "--json", "--keys", await KeysAsync(curve.ExportSubjectPublicKeyInfo()))));

        var wrong = await PackageAsync(PackageFile.Of("original-1.ogg", "OggS, and other sounds"u8.ToArray()), PackageFile.Of("original-1.ogg.c2pa", store));
        var said = await VaultRun.OfAsync("verify", wrong, "--json");
        Assert.Equal((1, "other-bytes"), (said.Code, Verdict(said)));
        var alone = await VaultRun.OfAsync("verify", await PackageAsync(PackageFile.Of("original-2.ogg.c2pa", store)), "--json");
        Assert.Equal((1, "other-bytes"), (alone.Code, Verdict(alone)));
    }

    [Fact]
    public async Task A_manifest_beside_a_package_or_a_document_does_not_speak_in_its_place()
    {
        var package = await PackageAsync(PackageFile.Of("original-1.ogg", s_sound));
        var bytes = await File.ReadAllBytesAsync(package, Ct);
        bytes[bytes.AsSpan().IndexOf("OggS"u8)] ^= 1;
        var changed = await WriteAsync("changed.zip", bytes);
        await WriteAsync("changed.zip.c2pa", await StoreAsync(bytes));
        var receipt = await WriteAsync("receipt.json", "{\"format\":\"none of ours\"}"u8.ToArray());
        await WriteAsync("receipt.json.c2pa", await StoreAsync(await File.ReadAllBytesAsync(receipt, Ct)));

        Assert.Equal(1, (await VaultRun.OfAsync("verify", changed)).Code);
        Assert.Equal(1, (await VaultRun.OfAsync("verify", receipt)).Code);
    }

    public void Dispose()
    {
        key.Dispose();
        curve.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<byte[]> StoreAsync(byte[] file) => (await DetachedManifest.MakeAsync(
        new MemorySource(file), SHA256.HashData(file), UsageTag.NoTdm, new C2paMark(Guid.NewGuid(), "audio/ogg", "RecordingVault/0.1.0") { IsUnchanged = true }, new C2paSigner(curve, [certificate]), Ct))!;

    private async Task<string> PackageAsync(params PackageFile[] files)
    {
        var path = Path.Combine(folder.FullName, Guid.NewGuid().ToString("N") + ".zip");
        await using var output = File.Create(path);
        await PackageWriter.WriteAsync(output, new PackagePlan(Guid.NewGuid(), s_madeAt, "<title>x</title>"u8.ToArray(), files), key, Ct);
        return path;
    }

    /// <summary>The package's own key is always in it.</summary>
    private async Task<string> KeysAsync(byte[] manifests)
    {
        var list = new
        {
            format = "recordingvault.v1.keys",
            keys = new[] { Line(key.Id, "package", key.Verifying().Bytes.ToArray()), Line(Guid.NewGuid(), "c2pa", manifests) },
        };
        return await WriteAsync(Guid.NewGuid().ToString("N") + ".json", JsonSerializer.SerializeToUtf8Bytes(list));
    }

    private static object Line(Guid id, string use, byte[] publicKey) =>
        new { id, use, publicKey = Base64Url.EncodeToString(publicKey), since = s_madeAt.AddDays(-1), until = s_madeAt.AddYears(1) };

    private async Task<string> WriteAsync(string name, byte[] content)
    {
        var path = Path.Combine(folder.FullName, name);
        await File.WriteAllBytesAsync(path, content, Ct);
        return path;
    }

    private static (int Code, string? Key) Key(VaultRun run) => (run.Code, Read(run).GetProperty("key").GetString());

    private static string? Verdict(VaultRun run) => Read(run).GetProperty("manifests")[0].GetProperty("verdict").GetString();

    private static JsonElement Read(VaultRun run) => JsonDocument.Parse(run.Out).RootElement;
}
