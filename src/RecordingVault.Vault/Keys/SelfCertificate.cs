using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RecordingVault.Vault.Keys;

/// <summary>A certificate that a key made of itself, for formats that ask for one. It proves nothing of the key's owner.</summary>
public static class SelfCertificate
{
    /// <returns>DER. Its key signs and is no authority.</returns>
    /// <exception cref="InvalidOperationException">The key is not of ES256.</exception>
    public static ReadOnlyMemory<byte> Of(SigningKey key, DateTimeOffset since, DateTimeOffset until)
    {
        using var curve = key.OpenCurve();
        var request = new CertificateRequest($"CN=RecordingVault key {key.Id}", curve, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using var certificate = request.CreateSelfSigned(since, until);
        return certificate.RawData;
    }
}
