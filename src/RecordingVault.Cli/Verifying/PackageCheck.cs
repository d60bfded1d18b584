using RecordingVault.Marks.C2pa;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>A package, and what a list of keys says of it and of those that lie in it.</summary>
internal sealed record PackageCheck(VerifiedPackage Package, KeyFinding Key)
{
    /// <summary>The manifests that lie in it beside files.</summary>
    public IReadOnlyList<ManifestCheck> Manifests { get; init; } = [];

    /// <summary>A package can be as it was signed, and hold a manifest that does not fit: whoever signed it packed it so.</summary>
    public ExitCode Code => Manifests.Any(manifest => manifest.Verdict != DetachedVerdict.Bound) ? ExitCode.Damaged : Key.Code();

    public static PackageCheck Of(VerifiedPackage package, IReadOnlyList<KeptKey>? keys) => new(package, keys is null ? KeyFinding.NotCompared : Worst(package, keys));

    /// <param name="manifests">Those that were shown while it was verified.</param>
    public static PackageCheck Of(VerifiedPackage package, IReadOnlyList<KeptKey>? keys, IReadOnlyList<ManifestCheck> manifests)
    {
        var check = Of(package, keys);
        return check with { Key = manifests.Select(manifest => manifest.Key).Append(check.Key).MaxBy(finding => (int)finding), Manifests = manifests };
    }

    private static KeyFinding Worst(VerifiedPackage package, IReadOnlyList<KeptKey> keys) =>
        package.Inner.Append(package).Select(one => KeyFindings.Find(one.KeyId, one.PublicKey, one.MadeAt, keys)).MaxBy(finding => (int)finding);
}
