using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Packages;

/// <summary>A vCon as it is signed: JWS (RFC 7515) in its general JSON form, ES256, with the key's certificate along (draft-ietf-vcon-vcon-core).</summary>
public static class VconSignature
{
    /// <param name="certificate">DER, of this key.</param>
    /// <param name="vcon">JSON.</param>
    /// <returns>JSON.</returns>
    public static ReadOnlyMemory<byte> Sign(SigningKey key, ReadOnlyMemory<byte> certificate, Guid vconId, ReadOnlyMemory<byte> vcon)
    {
        if (key.Kind != SignatureKind.Es256)
            throw new ArgumentException("A vCon is signed by a key of ES256.", nameof(key));
        var head = Base64Url.EncodeToString(Json(json =>
        {
            json.WriteString("alg", "ES256");
            json.WriteString("kid", key.Id);
        }).Span);
        var payload = Base64Url.EncodeToString(vcon.Span);
        var signature = new byte[VerifyingKey.SignatureLength];
        key.Sign(Encoding.ASCII.GetBytes($"{head}.{payload}"), signature);
        return Json(json =>
        {
            json.WriteString("payload", payload);
            json.WriteStartArray("signatures");
            json.WriteStartObject();
            // What is protected does not stand here again (RFC 7515, 7.2.1).
            json.WriteStartObject("header");
            json.WriteStartArray("x5c");
            json.WriteStringValue(Convert.ToBase64String(certificate.Span));
            json.WriteEndArray();
            json.WriteString("uuid", vconId);
            json.WriteEndObject();
            json.WriteString("protected", head);
            json.WriteString("signature", Base64Url.EncodeToString(signature));
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> members)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
