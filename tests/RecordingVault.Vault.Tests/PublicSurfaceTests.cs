using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests;

/// <summary>What the server and the command line may touch. Anything more is a decision, not an accident (P2).</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] Surface =
    [
        "Columns.SealedText",
        "Format.Card", "Format.CardPerson", "Format.FormatFailure", "Format.KnownMedia", "Format.Manifest", "Format.ManifestAsset", "Format.ManifestCommit", "Format.ObjectRole",
        "Format.SealedFormatException", "Format.SealedHeader", "Format.SegmentRef",
        "Keys.AuthorityCertificate", "Keys.ColumnKey", "Keys.DataProtectionKey", "Keys.EnvironmentRootKey", "Keys.FileRootKey", "Keys.IRootKeyProvider", "Keys.KeyHierarchy", "Keys.KeyKind",
        "Keys.KeyedDigest", "Keys.OwnerKey", "Keys.PasscodePepper", "Keys.RootKey", "Keys.RootKeyException", "Keys.SecretKey", "Keys.SelfCertificate", "Keys.SignatureKind", "Keys.SigningKey", "Keys.TenantDataKey",
        "Keys.TenantKey", "Keys.VaultKey", "Keys.VerifyingKey", "Keys.WrappedKey",
        "Packages.BesideFile", "Packages.BesideFiles", "Packages.DocumentKind", "Packages.FileDigests", "Packages.PackageException", "Packages.PackageFailure", "Packages.PackageFile", "Packages.PackagePlan", "Packages.PackageVerifier", "Packages.PackageWriter",
        "Packages.SignedDocument", "Packages.VconSignature", "Packages.VerifiedFile", "Packages.VerifiedPackage", "Packages.WrittenPackage",
        "Recovery.BucketReader", "Recovery.RecoveredRecording",
        "Storage.AssetRange", "Storage.AssetReader", "Storage.FolderLocation", "Storage.MovedObjects", "Storage.ObjectStoreException", "Storage.S3.S3Location", "Storage.SealedStore",
        "Storage.SegmentBuffer", "Storage.StoreExamination", "Storage.StoreFailure", "Storage.StoreLocation", "Storage.StoreMoving", "Storage.StoreMoving+IsDestroyed", "Storage.StoreTraits", "Storage.StoredObjectName", "Storage.StreamTurn", "Storage.WholeObject",
    ];

    [Fact]
    public void Nothing_of_the_store_the_format_or_the_keys_is_public_but_these()
    {
        var shown = typeof(SealedStore).Assembly.GetExportedTypes()
            .Select(type => type.FullName!["RecordingVault.Vault.".Length..])
            .Where(name => !name.StartsWith("Audit.", StringComparison.Ordinal));

        Assert.Equal(Surface.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nobody_outside_makes_a_store_of_his_own() => Assert.Empty(typeof(SealedStore).GetConstructors());
}
