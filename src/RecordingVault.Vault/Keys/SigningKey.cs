using System.Security.Cryptography;
using NSec.Cryptography;

namespace RecordingVault.Vault.Keys;

/// <summary>With what a tenant signs (security design 14). The names stand in rows and in published lists.</summary>
public enum SignatureKind : byte
{
    /// <summary>Export packages: Ed25519.</summary>
    Ed25519 = 1,

    /// <summary>The vCon inside them, as JWS: ECDSA over P-256 with SHA-256.</summary>
    Es256 = 2,
}

/// <summary>
/// A private key of one tenant for one use, drawn at random and derived from nothing. Its secret is 32 bytes: the seed of Ed25519, or the scalar of P-256.
/// Wrapped by the tenant data key; it has no key object, because a lost one is replaced and nothing is lost with it.
/// </summary>
public sealed class SigningKey : SecretKey
{
    private SigningKey(Guid id, Guid tenantId, SignatureKind kind, ReadOnlySpan<byte> secret) : base(id, secret)
    {
        TenantId = tenantId;
        Kind = kind;
    }

    public Guid TenantId { get; }

    public SignatureKind Kind { get; }

    /// <summary>Draws a new one and wraps it.</summary>
    public static (SigningKey Key, WrappedKey Wrap) New(TenantDataKey dataKey, SignatureKind kind)
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            Draw(kind, secret);
            var key = new SigningKey(Guid.NewGuid(), dataKey.TenantId, kind, secret);
            return (key, KeyWrapping.Wrap(dataKey, KeyKind.Signing, dataKey.TenantId, Guid.Empty, key));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Throws <see cref="Format.SealedFormatException"/> where the wrap is another tenant's, of another kind, damaged, or made under another key.</summary>
    public static SigningKey Open(TenantDataKey dataKey, WrappedKey wrap, SignatureKind kind)
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            KeyHierarchy.OpenSigningKey(dataKey, wrap, secret);
            return new SigningKey(wrap.KeyId, dataKey.TenantId, kind, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>What anybody checks a signature with.</summary>
    public VerifyingKey Verifying()
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            CopyTo(secret);
            if (Kind == SignatureKind.Es256)
            {
                using var curve = OpenCurve(secret);
                return new VerifyingKey(Kind, curve.ExportSubjectPublicKeyInfo());
            }

            using var key = Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey);
            return new VerifyingKey(Kind, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Signs what begins with a label of its own, or whose format has one.</summary>
    internal void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            CopyTo(secret);
            if (Kind == SignatureKind.Es256)
            {
                using var curve = OpenCurve(secret);
                if (!curve.TrySignData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out var length) || length != VerifyingKey.SignatureLength)
                    throw new CryptographicException("The signature has another length than it must have.");
                return;
            }

            using var key = Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey);
            SignatureAlgorithm.Ed25519.Sign(key, message, signature);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The key as .NET uses it; of ES256 alone. The caller disposes it.</summary>
    internal ECDsa OpenCurve()
    {
        if (Kind != SignatureKind.Es256)
            throw new InvalidOperationException("Only a key of P-256 lies on a curve of .NET.");
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            CopyTo(secret);
            return OpenCurve(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static void Draw(SignatureKind kind, Span<byte> secret)
    {
        if (kind == SignatureKind.Ed25519)
        {
            RandomNumberGenerator.Fill(secret);
            return;
        }

        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var drawn = curve.ExportParameters(includePrivateParameters: true);
        drawn.D.CopyTo(secret[^drawn.D!.Length..]);
        CryptographicOperations.ZeroMemory(drawn.D);
    }

    private static ECDsa OpenCurve(ReadOnlySpan<byte> secret)
    {
        var scalar = GC.AllocateUninitializedArray<byte>(LengthInBytes, pinned: true);
        secret.CopyTo(scalar);
        try
        {
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }
}
