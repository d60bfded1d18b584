using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RecordingVault.Cli.Output;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>A signed document, a consent receipt say, and what a list of keys says of who signed it.</summary>
internal sealed record DocumentCheck(SignedDocument Document, KeyFinding Key)
{
    public static DocumentCheck Of(SignedDocument document, IReadOnlyList<KeptKey>? keys) =>
        new(document, keys is null ? KeyFinding.NotCompared : KeyFindings.Find(document.KeyId, document.PublicKey, document.SignedAt, keys));

    public IEnumerable<string> Lines()
    {
        yield return "Whole, and as it was signed: no word of it was changed since.";
        yield return $"{"kind",-10}{SignedDocument.Name(Document.Kind)}";
        yield return $"{"signed",-10}{Document.SignedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
        yield return $"{"signed by",-10}{Document.KeyId} (Ed25519 {Base64Url.EncodeToString(Document.PublicKey.Span)})";
        yield return $"{"key",-10}{Key.Words("document")}";
        using var said = JsonDocument.Parse(Document.Document);
        foreach (var line in Says(said.RootElement, ""))
            yield return $"{"says",-10}{line}";
        yield return Document.Kind == DocumentKind.DestructionCertificate
            ? "This is proof of no change since the vault signed it. That no copy is left where the vault could not look, it does not prove: what it knows of them stands under remains."
            : "This is proof of no change since it was signed, not of who the key's owner is, and not of who answered.";
    }

    public string Json() => JsonLine.Of(json =>
    {
        json.WriteBoolean("whole", true);
        json.WriteString("key", Key.Name());
        json.WriteString("kind", SignedDocument.Name(Document.Kind));
        json.WriteString("signedAt", Document.SignedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("keyId", Document.KeyId);
        json.WriteString("publicKey", Base64Url.EncodeToString(Document.PublicKey.Span));
        json.WritePropertyName("document");
        using var said = JsonDocument.Parse(Document.Document);
        said.RootElement.WriteTo(json);
    });

    /// <summary>Each value on a line of its own, behind the names that lead to it.</summary>
    private static IEnumerable<string> Says(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Says(member.Value, path.Length == 0 ? member.Name : $"{path} › {member.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(one => Says(one, path)),
        JsonValueKind.String => [ShownText.Of($"{path}: {value.GetString()}")],
        _ => [ShownText.Of($"{path}: {Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value))}")],
    };
}
