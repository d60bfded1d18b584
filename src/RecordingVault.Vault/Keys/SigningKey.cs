using System.Security.Cryptography;
using NSec.Cryptography;

namespace RecordingVault.Vault.Keys;

/// <summary>With what a tenant or the vault signs (security design 14). The names stand in rows and in published lists.</summary>
public enum SignatureKind : byte
{
    /// <summary>Export packages: Ed25519.</summary>
    Ed25519 = 1,

    /// <summary>The vCon inside them, as JWS; C2PA manifests, as COSE; and certificates: ECDSA over P-256 with SHA-256.</summary>
    Es256 = 2,
}

/// <summary>
/// A private key of one tenant, or of the vault, for one use, drawn at random and derived from nothing. Its secret is 32 bytes: the seed of Ed25519, or the scalar of P-256.
/// Wrapped by the tenant data key, or by the vault key; it has no key object, because a lost one is replaced and nothing is lost with it.
/// </summary>
public sealed class SigningKey : SecretKey
{
    private SigningKey(Guid id, Guid tenantId, SignatureKind kind, ReadOnlySpan<byte> secret) : base(id, secret)
    {
        TenantId = tenantId;
        Kind = kind;
    }

    /// <summary>Empty for one of the vault's.</summary>
    public Guid TenantId { get; }

    public SignatureKind Kind { get; }

    /// <summary>Draws a new one and wraps it.</summary>
    public static (SigningKey Key, WrappedKey Wrap) New(TenantDataKey dataKey, SignatureKind kind) => New(dataKey, dataKey.TenantId, kind);

    /// <summary>Draws one of the vault's and wraps it.</summary>
    public static (SigningKey Key, WrappedKey Wrap) New(VaultKey vaultKey, SignatureKind kind) => New(vaultKey, Guid.Empty, kind);

    /// <summary>Throws <see cref="Format.SealedFormatException"/> where the wrap is another tenant's, of another kind, damaged, or made under another key.</summary>
    public static SigningKey Open(TenantDataKey dataKey, WrappedKey wrap, SignatureKind kind) => Open(dataKey, dataKey.TenantId, wrap, kind);

    /// <summary>One of the vault's. Throws as the other one.</summary>
    public static SigningKey Open(VaultKey vaultKey, WrappedKey wrap, SignatureKind kind) => Open(vaultKey, Guid.Empty, wrap, kind);

    private static (SigningKey Key, WrappedKey Wrap) New(SecretKey wrapping, Guid tenantId, SignatureKind kind)
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            Draw(kind, secret);
            var key = new SigningKey(Guid.NewGuid(), tenantId, kind, secret);
            return (key, KeyWrapping.Wrap(wrapping, KeyKind.Signing, tenantId, Guid.Empty, key));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static SigningKey Open(SecretKey wrapping, Guid tenantId, WrappedKey wrap, SignatureKind kind)
    {
        Span<byte> secret = stackalloc byte[LengthInBytes];
        try
        {
            KeyHierarchy.OpenSigningKey(wrapping, tenantId, wrap, secret);
            return new SigningKey(wrap.KeyId, tenantId, kind, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The key as formats sign with it that take one of .NET: it signs digests, gives out no secret, and is good as long as this one. Of ES256 alone.</summary>
    /// <exception cref="InvalidOperationException">The key is not of ES256.</exception>
    public ECDsa AsCurve() => Kind == SignatureKind.Es256 ? new HeldCurve(this) : throw new InvalidOperationException("Only a key of P-256 lies on a curve of .NET.");

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

    private sealed class HeldCurve : ECDsa
    {
        private readonly SigningKey key;

        public HeldCurve(SigningKey key) => (this.key, KeySizeValue) = (key, 256);

        public override byte[] SignHash(byte[] hash)
        {
            using var curve = key.OpenCurve();
            return curve.SignHash(hash);
        }

        public override bool VerifyHash(byte[] hash, byte[] signature)
        {
            using var curve = key.OpenCurve();
            return curve.VerifyHash(hash, signature);
        }
    }
}
