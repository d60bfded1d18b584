namespace RecordingVault.Vault.Packages;

/// <summary>A package that is whole and as it was made. That it is says nothing of who made it: compare the key with one that its vault publishes.</summary>
/// <param name="Id">Of the export, from its folder's name.</param>
/// <param name="MadeAt">As the package says.</param>
/// <param name="KeyId">Of the key that signed.</param>
/// <param name="PublicKey">32 bytes of Ed25519.</param>
/// <param name="Sha256">Of the whole.</param>
/// <param name="Files">The payload, in its order; names begin with `data/`.</param>
/// <param name="Inner">Packages that lie in this one, each verified like it.</param>
public sealed record VerifiedPackage(
    Guid Id, DateTimeOffset MadeAt, Guid KeyId, ReadOnlyMemory<byte> PublicKey, long LengthInBytes, ReadOnlyMemory<byte> Sha256,
    IReadOnlyList<VerifiedFile> Files, IReadOnlyList<VerifiedPackage> Inner);

public sealed record VerifiedFile(string Name, long LengthInBytes, ReadOnlyMemory<byte> Sha256);
