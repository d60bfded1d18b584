using System.Text;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Vault.Tests.Packages;

/// <summary>Packages of a few files, and the key that signs them.</summary>
internal sealed class TestPackage : IDisposable
{
    public static readonly Guid Id = Guid.Parse("0198aaaa-0000-7000-8000-000000000001");
    public static readonly DateTimeOffset MadeAt = new(2026, 11, 27, 9, 30, 0, TimeSpan.Zero);

    public TestPackage()
    {
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;
        Key = SigningKey.New(data, SignatureKind.Ed25519).Key;
        VconKey = SigningKey.New(data, SignatureKind.Es256).Key;
    }

    public SigningKey Key { get; }

    public SigningKey VconKey { get; }

    public static PackageFile File(string name, string content) => PackageFile.Of(name, Encoding.UTF8.GetBytes(content));

    public static IReadOnlyList<PackageFile> Files => [File("media/film.mp4", "moving pictures"), File("captions/en.vtt", "WEBVTT\n\n"), File("policy.jsonld", "{}")];

    public async Task<byte[]> WriteAsync(IReadOnlyList<PackageFile>? files = null, Guid? id = null)
    {
        using var output = new MemoryStream();
        await PackageWriter.WriteAsync(output, new PackagePlan(id ?? Id, MadeAt, "<!doctype html><title>What this is</title>"u8.ToArray(), files ?? Files), Key, TestContext.Current.CancellationToken);
        return output.ToArray();
    }

    public static async Task<VerifiedPackage> VerifyAsync(byte[] package)
    {
        using var stream = new MemoryStream(package, writable: false);
        return await PackageVerifier.VerifyAsync(stream, TestContext.Current.CancellationToken);
    }

    public static async Task<PackageFailure> RefusalAsync(byte[] package) => (await Assert.ThrowsAsync<PackageException>(() => VerifyAsync(package))).Failure;

    public void Dispose()
    {
        Key.Dispose();
        VconKey.Dispose();
    }
}
