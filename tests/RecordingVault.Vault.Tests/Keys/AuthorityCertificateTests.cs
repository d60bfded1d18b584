using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

/// <summary>The vault's authority and what it signs: leaves under its own name, for claims, and nothing that anybody could use for anything else.</summary>
public sealed class AuthorityCertificateTests : IDisposable
{
    private static readonly DateTimeOffset s_since = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly VaultKey vault;
    private readonly SigningKey authority;
    private readonly WrappedKey wrap;
    private readonly X509Certificate2 root;

    public AuthorityCertificateTests()
    {
        using var rootKey = RootKey.FromBytes(new byte[32]);
        vault = KeyHierarchy.NewVaultKey(rootKey).Key;
        (authority, wrap) = SigningKey.New(vault, SignatureKind.Es256);
        root = X509CertificateLoader.LoadCertificate(AuthorityCertificate.Of(authority, s_since, s_since.AddYears(11)).Span);
    }

    [Fact]
    public void A_leaf_stands_under_it_for_ten_years_and_not_a_day_more()
    {
        using var leaf = Leaf();

        Assert.True(IsUnder(leaf, s_since.AddDays(1)));
        Assert.True(IsUnder(leaf, s_since.AddYears(10).AddDays(-1)));
        Assert.False(IsUnder(leaf, s_since.AddYears(10).AddDays(1)));
    }

    [Fact]
    public void A_leaf_is_no_authority_and_names_keys_and_nobody()
    {
        using var leaf = Leaf();

        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Matches("^CN=key [0-9a-f-]{36}, OU=authority [0-9a-f-]{36}, O=RecordingVault$", leaf.Subject);
        Assert.Equal($"OU=authority {authority.Id}, O=RecordingVault", root.Subject);
        Assert.Equal((true, 0), (root.Extensions.OfType<X509BasicConstraintsExtension>().Single() is { CertificateAuthority: true, HasPathLengthConstraint: true }, root.Extensions.OfType<X509BasicConstraintsExtension>().Single().PathLengthConstraint));
    }

    [Theory]
    [InlineData("CN=key, OU=authority of somebody else, O=RecordingVault", null)]
    [InlineData("CN=www.example.com", null)]
    [InlineData(null, "www.example.com")]
    public void Whoever_had_its_key_could_not_name_anything_else(string? subject, string? host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject ?? $"CN=key, OU=authority {authority.Id}, O=RecordingVault", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host is not null)
            names.AddDnsName(host);
        if (host is not null)
            request.CertificateExtensions.Add(names.Build());
        using var curve = authority.AsCurve();
        using var rogue = request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(curve), s_since, s_since.AddYears(1), [1]);

        Assert.False(IsUnder(rogue, s_since.AddDays(1)));
    }

    [Fact]
    public void Its_key_opens_under_the_vault_key_alone()
    {
        using var opened = SigningKey.Open(vault, wrap, SignatureKind.Es256);
        using var rootKey = RootKey.FromBytes(new byte[32]);
        using var tenantKey = KeyHierarchy.NewTenantKey(rootKey, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;

        Assert.Equal(authority.Verifying().Bytes.ToArray(), opened.Verifying().Bytes.ToArray());
        Assert.Equal(FormatFailure.WrongPlace, Assert.Throws<SealedFormatException>(() => SigningKey.Open(data, wrap, SignatureKind.Es256)).Failure);
    }

    [Fact]
    public void A_key_signs_as_one_of_the_platform_and_gives_out_no_secret()
    {
        using var curve = authority.AsCurve();
        using var known = root.GetECDsaPublicKey();
        var signature = curve.SignData("words"u8, HashAlgorithmName.SHA256);

        Assert.True(known!.VerifyData("words"u8, signature, HashAlgorithmName.SHA256));
        Assert.ThrowsAny<Exception>(() => curve.ExportParameters(includePrivateParameters: true));
        Assert.ThrowsAny<Exception>(() => curve.ExportPkcs8PrivateKey());
    }

    public void Dispose()
    {
        root.Dispose();
        authority.Dispose();
        vault.Dispose();
    }

    private X509Certificate2 Leaf()
    {
        using var rootKey = RootKey.FromBytes(new byte[32]);
        using var tenantKey = KeyHierarchy.NewTenantKey(rootKey, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;
        using var key = SigningKey.New(data, SignatureKind.Es256).Key;
        return X509CertificateLoader.LoadCertificate(AuthorityCertificate.OfLeaf(authority, root.RawData, key, s_since, s_since.AddYears(10)).Span);
    }

    /// <summary>As the machine's own library sees it, which knows this root and no other.</summary>
    private bool IsUnder(X509Certificate2 leaf, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(leaf);
    }
}
