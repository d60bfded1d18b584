using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// Certificates of an authority that signs leaves and nothing else, and of leaves that sign C2PA claims (C2PA 2.2, 14.5). Both name keys and nobody: what they prove is that one key
/// vouched for another.
/// </summary>
public static class AuthorityCertificate
{
    private const string Organisation = "RecordingVault";

    // What a web server, a mailbox or an address is called: no leaf of ours has such a name, and whoever holds the key can't give one a name that anybody uses.
    private const string NoHost = "recordingvault.invalid";

    // Signing of claims, and protection of mail, which older validators ask for.
    private const string ClaimSigning = "1.3.6.1.4.1.62558.2.1", MailProtection = "1.3.6.1.5.5.7.3.4", NameConstraints = "2.5.29.30";

    /// <returns>DER, signed by the key itself. Under it there are leaves only, and their names lie below its own.</returns>
    /// <exception cref="InvalidOperationException">The key is not of ES256.</exception>
    public static ReadOnlyMemory<byte> Of(SigningKey authority, DateTimeOffset since, DateTimeOffset until)
    {
        using var curve = authority.OpenCurve();
        var request = new CertificateRequest(NameOf(authority.Id, null), curve, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509Extension(new Oid(NameConstraints), Constraints(authority.Id), critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(since, until);
        return certificate.RawData;
    }

    /// <returns>DER, for a key that signs C2PA claims, signed by the authority.</returns>
    /// <exception cref="InvalidOperationException">One of the keys is not of ES256.</exception>
    public static ReadOnlyMemory<byte> OfLeaf(SigningKey authority, ReadOnlyMemory<byte> authorityCertificate, SigningKey leaf, DateTimeOffset since, DateTimeOffset until)
    {
        using var issuer = X509CertificateLoader.LoadCertificate(authorityCertificate.Span);
        using var curve = leaf.OpenCurve();
        using var signing = authority.OpenCurve();
        var request = new CertificateRequest(NameOf(authority.Id, leaf.Id), curve, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClaimSigning), new Oid(MailProtection)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var serial = leaf.Id.ToByteArray(bigEndian: true);
        // A serial number is positive and has no zero in front.
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), since, until, serial);
        return certificate.RawData;
    }

    /// <summary>The organisation is the program, the unit the authority, the common name the key.</summary>
    private static X500DistinguishedName NameOf(Guid authority, Guid? leaf) => new((leaf is null ? "" : $"CN=key {leaf}, ") + $"OU=authority {authority}, O={Organisation}");

    private static byte[] Constraints(Guid authority)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Context(0)))
            {
                using (writer.PushSequence())
                using (writer.PushSequence(Context(4)))
                    writer.WriteEncodedValue(NameOf(authority, null).RawData);
                foreach (var kind in (ReadOnlySpan<int>)[1, 2])
                {
                    using (writer.PushSequence())
                        writer.WriteCharacterString(UniversalTagNumber.IA5String, NoHost, new Asn1Tag(TagClass.ContextSpecific, kind));
                }
            }

            using (writer.PushSequence(Context(1)))
            {
                foreach (var length in (ReadOnlySpan<int>)[8, 32])
                {
                    using (writer.PushSequence())
                        writer.WriteOctetString(new byte[length], new Asn1Tag(TagClass.ContextSpecific, 7));
                }
            }
        }

        return writer.Encode();

        static Asn1Tag Context(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);
    }
}
