using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Keys;

/// <summary>The key above all others. It wraps the vault key and the tenants' keys and does nothing else.</summary>
public sealed class RootKey : SecretKey
{
    private RootKey(Guid id, ReadOnlySpan<byte> secret) : base(id, secret)
    {
    }

    private RootKey(RootKey original) : base(original)
    {
    }

    /// <summary>Takes a copy of 32 bytes; the caller wipes his own. The id follows from the bytes.</summary>
    public static RootKey FromBytes(ReadOnlySpan<byte> bytes32)
    {
        Span<byte> id = stackalloc byte[16];
        using (var unnamed = new RootKey(Guid.Empty, bytes32)) unnamed.Expand(Labels.RootId, id);
        return new RootKey(new Guid(id, bigEndian: true), bytes32);
    }

    /// <summary>A new random root key.</summary>
    public static RootKey Generate()
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        System.Security.Cryptography.RandomNumberGenerator.Fill(secret);
        try
        {
            return FromBytes(secret);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        }
    }

    public RootKey Copy() => new(this);
}
