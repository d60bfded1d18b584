using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Packages;

/// <summary>What a signed document says by its kind. A signature over one kind is none over another: the kind stands in the label that is signed.</summary>
public enum DocumentKind
{
    /// <summary>What a participant answered, for him and for the organisation.</summary>
    ConsentReceipt = 1,

    /// <summary>What was destroyed, when, how and by whose word, and what remains of it elsewhere.</summary>
    DestructionCertificate = 2,
}

/// <summary>
/// A JSON document with a signature beside it, in one text: small enough for a mail, and checked without a server. The text has one form, so nothing can be
/// slipped in beside what was signed; what is signed are the document's bytes as they stand, so that nobody has to agree on how JSON is written anew.
/// </summary>
public sealed record SignedDocument
{
    public const string Format = "recordingvault.v1.signed";

    /// <summary>In bytes; what is longer is none.</summary>
    public const int MaxLength = 1024 * 1024;

    private const string Algorithm = "Ed25519";
    private const int MaxDepth = 16;

    private SignedDocument(DocumentKind kind, ReadOnlyMemory<byte> document, Guid keyId, ReadOnlyMemory<byte> publicKey, DateTimeOffset signedAt, ReadOnlyMemory<byte> signature)
    {
        Kind = kind;
        Document = document;
        KeyId = keyId;
        PublicKey = publicKey;
        SignedAt = signedAt;
        Signature = signature;
    }

    public DocumentKind Kind { get; }

    /// <summary>One JSON object in UTF-8, as it was signed.</summary>
    public ReadOnlyMemory<byte> Document { get; }

    public Guid KeyId { get; }

    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>In whole seconds.</summary>
    public DateTimeOffset SignedAt { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    /// <param name="document">One JSON object in UTF-8, no member twice.</param>
    /// <exception cref="ArgumentException">The key is none of Ed25519, or the document is not such an object or too long.</exception>
    public static SignedDocument Sign(SigningKey key, DocumentKind kind, ReadOnlyMemory<byte> document, DateTimeOffset signedAt)
    {
        if (key.Kind != SignatureKind.Ed25519)
            throw new ArgumentException("A document is signed by a key of Ed25519.", nameof(key));
        var at = DateTimeOffset.FromUnixTimeSeconds(signedAt.ToUnixTimeSeconds());
        var signature = new byte[VerifyingKey.SignatureLength];
        key.Sign(Message(kind, key.Id, at, document.Span), signature);
        var signed = new SignedDocument(kind, document, key.Id, key.Verifying().Bytes, at, signature);
        return Parse(signed.Write()) is null ? throw new ArgumentException("A document is one JSON object of less than a megabyte, with no member twice.", nameof(document)) : signed;
    }

    /// <summary>The text as it is given out.</summary>
    public byte[] Write()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("kind", Name(Kind));
            json.WritePropertyName("document");
            // As it stands: it was checked, or is about to be.
            json.WriteRawValue(Document.Span, skipInputValidation: true);
            json.WriteStartObject("signature");
            json.WriteString("algorithm", Algorithm);
            json.WriteString("keyId", KeyId);
            json.WriteString("publicKey", Base64Url.EncodeToString(PublicKey.Span));
            json.WriteNumber("signedAt", SignedAt.ToUnixTimeSeconds());
            json.WriteString("signature", Base64Url.EncodeToString(Signature.Span));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        text.Write("\n"u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Reads a text and checks its signature.</summary>
    /// <exception cref="PackageException">It is no signed document of ours, or was changed since.</exception>
    public static SignedDocument Verify(ReadOnlyMemory<byte> text)
    {
        if (Parse(text) is not { } read)
            throw new PackageException(PackageFailure.NotAPackage, "This is no signed document of a vault, or not in the one form that it has.");
        return read.IsSigned() ? read : throw new PackageException(PackageFailure.Signature, "The signature is not one of the key that is named over what stands here: something was changed.");
    }

    /// <summary>Whether a file may be one, by its first byte: packages begin otherwise.</summary>
    public static bool MayBe(byte first) => first == (byte)'{';

    public static string Name(DocumentKind kind) => kind switch
    {
        DocumentKind.ConsentReceipt => "consent-receipt",
        DocumentKind.DestructionCertificate => "certificate",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private bool IsSigned()
    {
        try
        {
            return new VerifyingKey(SignatureKind.Ed25519, PublicKey).Verify(Message(Kind, KeyId, SignedAt, Document.Span), Signature.Span);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static SignedDocument? Parse(ReadOnlyMemory<byte> text)
    {
        if (text.Length > MaxLength || !Utf8.IsValid(text.Span))
            return null;
        try
        {
            using var parsed = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            var root = parsed.RootElement;
            var signature = root.GetProperty("signature");
            if (Enum.GetValues<DocumentKind>().Where(kind => root.GetProperty("kind").ValueEquals(Name(kind))).Cast<DocumentKind?>().FirstOrDefault() is not { } kind
                || root.GetProperty("document") is not { ValueKind: JsonValueKind.Object } document)
                return null;
            var read = new SignedDocument(
                kind, Encoding.UTF8.GetBytes(document.GetRawText()), signature.GetProperty("keyId").GetGuid(), Base64Url.DecodeFromChars(signature.GetProperty("publicKey").GetString()),
                DateTimeOffset.FromUnixTimeSeconds(signature.GetProperty("signedAt").GetInt64()), Base64Url.DecodeFromChars(signature.GetProperty("signature").GetString()));
            // Written again it must be the same: so there is no second text that says the same, or more.
            return text.Span.SequenceEqual(read.Write()) ? read : null;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Label ‖ 00 ‖ key id (16 bytes) ‖ seconds since 1970 (64 bits, big-endian) ‖ SHA-256 of the document.</summary>
    private static byte[] Message(DocumentKind kind, Guid keyId, DateTimeOffset signedAt, ReadOnlySpan<byte> document)
    {
        var label = Encoding.ASCII.GetBytes($"recordingvault.v1.{Name(kind)}\0");
        var message = new byte[label.Length + 16 + 8 + SHA256.HashSizeInBytes];
        label.CopyTo(message, 0);
        keyId.TryWriteBytes(message.AsSpan(label.Length), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(message.AsSpan(label.Length + 16), signedAt.ToUnixTimeSeconds());
        SHA256.HashData(document, message.AsSpan(label.Length + 24));
        return message;
    }
}
