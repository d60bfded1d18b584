using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Packages;

/// <summary>
/// `signature.json`, the last file of a package: a signature over every byte before it. Names, order, lengths and content all lie in those bytes, and what lies behind follows
/// from them. The file has one form; another one is refused, whatever it says.
/// </summary>
internal sealed record PackageSignature(Guid KeyId, ReadOnlyMemory<byte> PublicKey, long Length, ReadOnlyMemory<byte> Sha256, ReadOnlyMemory<byte> Signature)
{
    public const string Format = "recordingvault.v1.package";
    private const string Algorithm = "Ed25519";

    /// <summary>In bytes; what is longer is none.</summary>
    public const int MaxLength = 1024;

    public static PackageSignature Sign(SigningKey key, long length, ReadOnlyMemory<byte> sha256)
    {
        if (key.Kind != SignatureKind.Ed25519)
            throw new ArgumentException("A package is signed by a key of Ed25519.", nameof(key));
        var signature = new byte[VerifyingKey.SignatureLength];
        key.Sign(Message(key.Id, length, sha256.Span), signature);
        return new PackageSignature(key.Id, key.Verifying().Bytes, length, sha256, signature);
    }

    /// <summary>Whether the named key signed this length and digest.</summary>
    public bool IsOver(long length, ReadOnlySpan<byte> sha256)
    {
        if (Length != length || !Sha256.Span.SequenceEqual(sha256))
            return false;
        try
        {
            return new VerifyingKey(SignatureKind.Ed25519, PublicKey).Verify(Message(KeyId, length, sha256), Signature.Span);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public byte[] Write()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("algorithm", Algorithm);
            json.WriteString("keyId", KeyId);
            json.WriteString("publicKey", Base64Url.EncodeToString(PublicKey.Span));
            json.WriteNumber("length", Length);
            json.WriteString("sha256", Convert.ToHexStringLower(Sha256.Span));
            json.WriteString("signature", Base64Url.EncodeToString(Signature.Span));
            json.WriteEndObject();
        }

        text.Write("\n"u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Null for what is not in the one form that it has.</summary>
    public static PackageSignature? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
            return null;
        try
        {
            using var document = JsonDocument.Parse(bytes.ToArray());
            var root = document.RootElement;
            var read = new PackageSignature(
                root.GetProperty("keyId").GetGuid(), Base64Url.DecodeFromChars(root.GetProperty("publicKey").GetString()), root.GetProperty("length").GetInt64(),
                Convert.FromHexString(root.GetProperty("sha256").GetString()!), Base64Url.DecodeFromChars(root.GetProperty("signature").GetString()));
            // Written again it must be the same: so there is no second text that says the same, or more.
            return bytes.SequenceEqual(read.Write()) ? read : null;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Label ‖ 00 ‖ key id (16 bytes) ‖ length (64 bits, big-endian) ‖ SHA-256.</summary>
    private static byte[] Message(Guid keyId, long length, ReadOnlySpan<byte> sha256)
    {
        ReadOnlySpan<byte> label = "recordingvault.v1.package\0"u8;
        var message = new byte[label.Length + 16 + 8 + sha256.Length];
        label.CopyTo(message);
        keyId.TryWriteBytes(message.AsSpan(label.Length), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(label.Length + 16), length);
        sha256.CopyTo(message.AsSpan(label.Length + 24));
        return message;
    }
}
