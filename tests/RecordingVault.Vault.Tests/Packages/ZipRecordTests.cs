using System.Text;
using System.Text.Json;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Vault.Tests.Packages;

public sealed class ZipRecordTests
{
    /// <summary>What no test wants to write to disk: more than 4 GiB, and what lies beyond it.</summary>
    [Fact]
    public void A_large_file_and_what_lies_behind_it_get_long_numbers()
    {
        var large = new ZipEntry("a", 1, 5_000_000_000, 0);
        var far = new ZipEntry("b", 2, 3, 5_000_000_051);

        Assert.Equal(30 + 1 + 20, ZipRecords.Local(large).Length);
        Assert.Equal(30 + 1, ZipRecords.Local(far).Length);
        Assert.Equal((46 + 1 + 20) + (46 + 1 + 12) + 56 + 20 + 22, ZipRecords.Tail([large, far], 5_000_000_085).Length);
    }

    [Fact]
    public void A_vcon_is_signed_so_that_the_certificate_beside_it_verifies_it()
    {
        using var package = new TestPackage();
        var certificate = Vault.Keys.SelfCertificate.Of(package.VconKey, TestPackage.MadeAt, TestPackage.MadeAt.AddDays(365));

        using var jws = JsonDocument.Parse(VconSignature.Sign(package.VconKey, certificate, TestPackage.Id, "{\"vcon\":\"0.4.0\"}"u8.ToArray()));
        var signed = jws.RootElement.GetProperty("signatures")[0];
        using var leaf = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(signed.GetProperty("header").GetProperty("x5c")[0].GetBytesFromBase64());
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPublicKey(leaf)!;
        var head = signed.GetProperty("protected").GetString()!;

        Assert.Equal("ES256", JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(head)).RootElement.GetProperty("alg").GetString());
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{jws.RootElement.GetProperty("payload").GetString()}"), System.Buffers.Text.Base64Url.DecodeFromChars(signed.GetProperty("signature").GetString()), System.Security.Cryptography.HashAlgorithmName.SHA256));
        Assert.Equal("{\"vcon\":\"0.4.0\"}"u8.ToArray(), System.Buffers.Text.Base64Url.DecodeFromChars(jws.RootElement.GetProperty("payload").GetString()));
    }
}
