using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>An authenticator with one ES256 passkey, as WebAuthn writes its answers; each of its words can be made wrong.</summary>
internal sealed class TestAuthenticator : IDisposable
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte HasKey = 0x40;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string userHandle = "";

    public byte[] CredentialId { get; } = RandomNumberGenerator.GetBytes(32);

    public required string Origin { get; set; }

    public string Domain { get; set; } = "localhost";

    /// <summary>Whether the person showed finger, face or PIN.</summary>
    public bool VerifiesPerson { get; set; } = true;

    public uint Counter { get; set; }

    /// <summary>Another device that claims to hold this one's passkey.</summary>
    public TestAuthenticator Imposter() => new() { Origin = Origin, userHandle = userHandle, Claims = CredentialId };

    private byte[]? Claims { get; init; }

    /// <summary>Makes the passkey that the options ask for.</summary>
    public JsonObject Create(JsonElement options)
    {
        userHandle = options.GetProperty("user").GetProperty("id").GetString()!;
        var clientData = ClientData("webauthn.create", options);
        byte[] length = [(byte)(CredentialId.Length >> 8), (byte)CredentialId.Length];
        byte[] authenticatorData = [.. Head(HasKey), .. new byte[16], .. length, .. CredentialId, .. CoseKey()];
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), .. Bytes(authenticatorData)];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encode(clientData),
            ["attestationObject"] = Encode(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Answers a challenge.</summary>
    public JsonObject Answer(JsonElement options)
    {
        Counter++;
        var clientData = ClientData("webauthn.get", options);
        var authenticatorData = Head(0);
        var signature = key.SignData([.. authenticatorData, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encode(clientData),
            ["authenticatorData"] = Encode(authenticatorData),
            ["signature"] = Encode(signature),
            ["userHandle"] = userHandle,
        });
    }

    public void Dispose() => key.Dispose();

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Encode(Claims ?? CredentialId),
        ["rawId"] = Encode(Claims ?? CredentialId),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    };

    private byte[] ClientData(string type, JsonElement options) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = options.GetProperty("challenge").GetString(),
        ["origin"] = Origin,
        ["crossOrigin"] = false,
    }.ToJsonString());

    private byte[] Head(byte more)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        var flags = (byte)(Present | more | (VerifiesPerson ? Verified : 0));
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), flags, .. counter];
    }

    /// <summary>{1: 2, 3: -7, -1: 1, -2: x, -3: y}</summary>
    private byte[] CoseKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. Bytes(point.X!), 0x22, .. Bytes(point.Y!)];
    }

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Bytes(byte[] bytes) => [0x58, (byte)bytes.Length, .. bytes];

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
