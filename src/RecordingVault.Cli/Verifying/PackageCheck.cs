using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>A package, and what a list of keys says of it and of those that lie in it.</summary>
internal sealed record PackageCheck(VerifiedPackage Package, KeyFinding Key)
{
    public static PackageCheck Of(VerifiedPackage package, IReadOnlyList<KeptKey>? keys) => new(package, keys is null ? KeyFinding.NotCompared : Worst(package, keys));

    private static KeyFinding Worst(VerifiedPackage package, IReadOnlyList<KeptKey> keys) =>
        package.Inner.Append(package).Select(one => KeyFindings.Find(one.KeyId, one.PublicKey, one.MadeAt, keys)).MaxBy(finding => (int)finding);
}
