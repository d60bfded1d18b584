using System.Security.Cryptography;
using NSec.Cryptography;

namespace RecordingVault.Vault.Keys;

/// <summary>The public part of a <see cref="SigningKey"/>: 32 raw bytes of Ed25519, or a SubjectPublicKeyInfo (DER) of P-256.</summary>
public sealed class VerifyingKey
{
    /// <summary>In bytes, of both kinds.</summary>
    public const int SignatureLength = 64;

    private const int Ed25519Length = 32;

    /// <exception cref="FormatException">No key of this kind looks so.</exception>
    public VerifyingKey(SignatureKind kind, ReadOnlyMemory<byte> bytes)
    {
        if (!IsKey(kind, bytes.Span))
            throw new FormatException("These bytes are no public key of their kind.");
        Kind = kind;
        Bytes = bytes;
    }

    public SignatureKind Kind { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    internal bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength)
            return false;
        if (Kind == SignatureKind.Ed25519)
        {
            var key = PublicKey.Import(SignatureAlgorithm.Ed25519, Bytes.Span, KeyBlobFormat.RawPublicKey);
            return SignatureAlgorithm.Ed25519.Verify(key, message, signature);
        }

        using var curve = ECDsa.Create();
        curve.ImportSubjectPublicKeyInfo(Bytes.Span, out _);
        return curve.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static bool IsKey(SignatureKind kind, ReadOnlySpan<byte> bytes)
    {
        if (kind == SignatureKind.Ed25519)
            return bytes.Length == Ed25519Length && PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out _);
        if (kind != SignatureKind.Es256)
            return false;
        try
        {
            using var curve = ECDsa.Create();
            curve.ImportSubjectPublicKeyInfo(bytes, out var read);
            return read == bytes.Length && curve.KeySize == 256;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
