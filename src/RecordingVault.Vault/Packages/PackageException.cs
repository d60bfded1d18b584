namespace RecordingVault.Vault.Packages;

/// <summary>Why something is no whole package of ours.</summary>
public enum PackageFailure
{
    /// <summary>It is no package, or of a version that this program does not know.</summary>
    NotAPackage,

    /// <summary>It ends before its end.</summary>
    Cut,

    /// <summary>The zip around the files is not the one form that a package has: other bytes, between, behind or in its headers.</summary>
    Structure,

    /// <summary>A name that no package has, or twice the same.</summary>
    Name,

    /// <summary>A file is larger, or there are more of them, than a package may have.</summary>
    TooLarge,

    /// <summary>A file is not what a check sum or a manifest says of it, or a manifest does not name what is there.</summary>
    Digest,

    /// <summary>The signature is not one of the key that the package names over what stands before it.</summary>
    Signature,
}

/// <summary>What was read is no whole package, or not as it was made. The message is safe to show: names in it have passed <see cref="PackageName"/>.</summary>
public sealed class PackageException(PackageFailure failure, string message) : Exception(message)
{
    public PackageFailure Failure { get; } = failure;
}
