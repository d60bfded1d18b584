using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RecordingVault.Marks.C2pa;

namespace RecordingVault.Marks.Tests.Harness;

/// <summary>A root and a leaf as C2PA 2.2 wants them (14.5).</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 root;
    private readonly X509Certificate2 leaf;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test vault, O=RecordingVault", rootKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, false));
        root = authority.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));

        var request = new CertificateRequest("CN=Test tenant, O=RecordingVault", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        // Claim signing, and protection of mail for validators that are older.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.4.1.62558.2.1"), new Oid("1.3.6.1.5.5.7.3.4")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        leaf = request.Create(root, now.AddDays(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(16));
        Signer = new C2paSigner(key, [leaf.RawData]);
    }

    public C2paSigner Signer { get; }

    /// <summary>The root as a file of PEM.</summary>
    public string Write(string folder)
    {
        var path = Path.Combine(folder, Guid.CreateVersion7().ToString("N") + ".pem");
        File.WriteAllText(path, root.ExportCertificatePem());
        return path;
    }

    public void Dispose()
    {
        key.Dispose();
        leaf.Dispose();
        root.Dispose();
    }
}
