using System.Buffers.Text;
using System.Text.Json;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>What a browser's authenticator answered, as PublicKeyCredential.toJSON() writes it. Nothing of it is believed before Identity has checked it.</summary>
internal sealed class PasskeyAnswer
{
    // WebAuthn, authenticator data: SHA-256 of the domain, then the flags, of which the third bit says that the person was verified.
    private const int FlagsAt = 32;
    private const int UserVerified = 0x04;

    private readonly JsonElement credential;

    private PasskeyAnswer(JsonElement credential) => this.credential = credential;

    public string Json => credential.GetRawText();

    public byte[]? CredentialId => Bytes(credential, "id");

    /// <summary>Whether the authenticator says that it verified the person this very time; true as soon as its signature is checked.</summary>
    public bool IsUserVerified =>
        credential.TryGetProperty("response", out var response) && Bytes(response, "authenticatorData") is { Length: > FlagsAt } written && (written[FlagsAt] & UserVerified) != 0;

    /// <summary>Null where it is no object.</summary>
    public static PasskeyAnswer? Read(JsonElement? credential) => credential is { ValueKind: JsonValueKind.Object } answer ? new PasskeyAnswer(answer) : null;

    private static byte[]? Bytes(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { } encoded && Base64Url.IsValid(encoded)
            ? Base64Url.DecodeFromChars(encoded)
            : null;
}
