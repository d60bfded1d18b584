using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>A manifest store that lies beside a file (C2PA), and whether its signer is one that the vault publishes.</summary>
/// <param name="Name">Of the store.</param>
internal sealed record ManifestCheck(string Name, DetachedVerdict Verdict, KeyFinding Key)
{
    /// <param name="store">Null where it is longer than is read.</param>
    /// <param name="sha256">Of the file that it is of; null where there is none.</param>
    public static ManifestCheck Of(string name, ReadOnlyMemory<byte>? store, ReadOnlyMemory<byte>? sha256, IReadOnlyList<KeptKey>? keys)
    {
        if (store is not { } bytes)
            return new ManifestCheck(name, DetachedVerdict.NotSigned, keys is null ? KeyFinding.NotCompared : KeyFinding.NotPublished);
        // Where its file is missing nothing has the digest of no bytes at all.
        var found = DetachedManifest.Judge(bytes, sha256 ?? default);
        return new ManifestCheck(name, found.Verdict, keys is null ? KeyFinding.NotCompared : KeyFindings.FindManifest(found.Certificate, keys));
    }

    /// <summary>Those of a package, while it is verified.</summary>
    public static BesideFiles Into(List<ManifestCheck> found, IReadOnlyList<KeptKey>? keys) =>
        new(Sidecars.C2paEnding, Sidecars.LongestStore, file => found.Add(Of(file.Name, file.Content, file.Of?.Sha256, keys)));
}

internal static class DetachedVerdicts
{
    public static string Name(this DetachedVerdict verdict) => verdict switch
    {
        DetachedVerdict.Bound => "bound",
        DetachedVerdict.OtherBytes => "other-bytes",
        DetachedVerdict.NotSigned => "not-signed",
        _ => "not-judged",
    };

    public static string Words(this DetachedVerdict verdict) => verdict switch
    {
        DetachedVerdict.Bound => "its signature is right, and not a byte of the file beside it was changed since",
        DetachedVerdict.OtherBytes => "its signature is right, but the file beside it was CHANGED since, or is another one",
        DetachedVerdict.NotSigned => "it is NOT signed by whom it names, was changed, or can't be read",
        _ => "its signature is right, but it is bound to a file in a way that this program does not judge",
    };

    public static PackageFailure Failure(this DetachedVerdict verdict) => verdict switch
    {
        DetachedVerdict.OtherBytes => PackageFailure.Digest,
        DetachedVerdict.NotSigned => PackageFailure.Signature,
        _ => PackageFailure.Structure,
    };
}
