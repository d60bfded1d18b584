using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>Whether the key that signed is one that the vault publishes.</summary>
internal enum KeyFinding
{
    /// <summary>Nobody gave a list to look in.</summary>
    NotCompared,
    Published,

    /// <summary>It is not in the list, or there with other bytes or for another use.</summary>
    NotPublished,

    /// <summary>It is in the list, and the package says a time at which it did not sign.</summary>
    OutOfTime,
}

/// <summary>A package, and what a list of keys says of it and of those that lie in it.</summary>
internal sealed record PackageCheck(VerifiedPackage Package, KeyFinding Key)
{
    public static PackageCheck Of(VerifiedPackage package, IReadOnlyList<KeptKey>? keys) => new(package, keys is null ? KeyFinding.NotCompared : Worst(package, keys));

    private static KeyFinding Worst(VerifiedPackage package, IReadOnlyList<KeptKey> keys) =>
        package.Inner.Select(inner => Find(inner, keys)).Append(Find(package, keys)).MaxBy(finding => (int)finding);

    private static KeyFinding Find(VerifiedPackage package, IReadOnlyList<KeptKey> keys)
    {
        if (keys.FirstOrDefault(key => key.Id == package.KeyId) is not { Use: "package" } key || !key.PublicKey.Span.SequenceEqual(package.PublicKey.Span))
            return KeyFinding.NotPublished;
        // The package says its time in whole seconds.
        return package.MadeAt < key.Since.AddSeconds(-1) || package.MadeAt > key.Until ? KeyFinding.OutOfTime : KeyFinding.Published;
    }
}
