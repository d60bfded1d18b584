using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;

namespace RecordingVault.Marks.C2pa;

/// <summary>Whoever signs: a P-256 key that stays with its owner, and its certificates, the leaf first and the root left out.</summary>
/// <param name="Key">Signs with ES256.</param>
/// <param name="Certificates">DER.</param>
public sealed record C2paSigner(ECDsa Key, IReadOnlyList<ReadOnlyMemory<byte>> Certificates)
{
    // RFC 9360: x5chain.
    internal static readonly CoseHeaderLabel Chain = new(33);

    /// <summary>A COSE_Sign1 over bytes that are not in it (C2PA 2.2, 13.2).</summary>
    internal byte[] Sign(byte[] claim)
    {
        var writer = new CborWriter();
        if (Certificates.Count > 1)
            writer.WriteStartArray(Certificates.Count);
        foreach (var certificate in Certificates)
            writer.WriteByteString(certificate.Span);
        if (Certificates.Count > 1)
            writer.WriteEndArray();
        var signed = new CoseHeaderMap { [Chain] = CoseHeaderValue.FromEncodedValue(writer.Encode()) };
        return CoseSign1Message.SignDetached(claim, new CoseSigner(Key, HashAlgorithmName.SHA256, signed));
    }
}
