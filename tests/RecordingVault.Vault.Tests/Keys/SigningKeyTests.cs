using System.Security.Cryptography.X509Certificates;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

public sealed class SigningKeyTests
{
    private static readonly Guid s_tenant = Guid.Parse("11111111-1111-1111-1111-111111111111");

    public static TheoryData<SignatureKind> Kinds => [SignatureKind.Ed25519, SignatureKind.Es256];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_it_signs_its_public_part_knows_also_after_it_was_wrapped_and_opened(SignatureKind kind)
    {
        using var data = DataKey(s_tenant);
        var (key, wrap) = SigningKey.New(data, kind);
        var signature = new byte[VerifyingKey.SignatureLength];
        using (key)
        using (var opened = SigningKey.Open(data, wrap, kind))
        {
            opened.Sign("words"u8, signature);
            var known = new VerifyingKey(kind, key.Verifying().Bytes);

            Assert.True(known.Verify("words"u8, signature));
            Assert.False(known.Verify("wordS"u8, signature));
            Assert.False(known.Verify("words"u8, signature.AsSpan(1)));
            signature[9] ^= 1;
            Assert.False(known.Verify("words"u8, signature));
        }
    }

    [Fact]
    public void It_signs_as_the_standard_says()
    {
        // RFC 8032, 7.1, test 2: what the key of this seed signs.
        var known = new VerifyingKey(SignatureKind.Ed25519, Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));

        Assert.True(known.Verify([0x72], Convert.FromHexString("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")));
    }

    [Fact]
    public void The_wrap_of_another_tenant_or_kind_does_not_open()
    {
        using var own = DataKey(s_tenant);
        using var other = DataKey(Guid.NewGuid());
        var (key, wrap) = SigningKey.New(other, SignatureKind.Ed25519);
        key.Dispose();
        using var root = RootKey.FromBytes(new byte[32]);
        using var tenantKey = KeyHierarchy.NewTenantKey(root, s_tenant).Key;
        var (owner, ownerWrap) = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Export, Guid.NewGuid());
        owner.Dispose();

        Assert.Equal(FormatFailure.WrongPlace, Assert.Throws<SealedFormatException>(() => SigningKey.Open(own, wrap, SignatureKind.Ed25519)).Failure);
        Assert.Equal(FormatFailure.WrongKind, Assert.Throws<SealedFormatException>(() => SigningKey.Open(own, ownerWrap, SignatureKind.Ed25519)).Failure);
    }

    [Theory]
    [InlineData(SignatureKind.Ed25519, 31)]
    [InlineData(SignatureKind.Ed25519, 33)]
    [InlineData(SignatureKind.Es256, 32)]
    [InlineData(SignatureKind.Es256, 91)]
    public void What_is_no_public_key_is_refused(SignatureKind kind, int length) => Assert.Throws<FormatException>(() => new VerifyingKey(kind, new byte[length]));

    [Fact]
    public void Its_own_certificate_holds_its_public_key_and_is_no_authority()
    {
        using var data = DataKey(s_tenant);
        using var key = SigningKey.New(data, SignatureKind.Es256).Key;
        var since = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

        using var certificate = X509CertificateLoader.LoadCertificate(SelfCertificate.Of(key, since, since.AddDays(365)).Span);

        Assert.Equal(key.Verifying().Bytes.ToArray(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    private static TenantDataKey DataKey(Guid tenant)
    {
        using var root = RootKey.FromBytes(new byte[32]);
        using var tenantKey = KeyHierarchy.NewTenantKey(root, tenant).Key;
        return KeyHierarchy.NewTenantDataKey(tenantKey).Key;
    }
}
