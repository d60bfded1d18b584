using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

public sealed class KeyedDigestTests : IDisposable
{
    private readonly VaultKey vault;
    private readonly TenantDataKey tenantData;

    public KeyedDigestTests()
    {
        using var root = RootKey.Generate();
        vault = KeyHierarchy.NewVaultKey(root).Key;
        using var tenant = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        tenantData = KeyHierarchy.NewTenantDataKey(tenant).Key;
    }

    public void Dispose()
    {
        vault.Dispose();
        tenantData.Dispose();
    }

    [Theory]
    [InlineData("anna@example.org", "Anna@Example.ORG")]
    [InlineData("anna@example.org", "  anna@example.org\t")]
    [InlineData("é", "e\u0301")]
    [InlineData("ﬁle", "file")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος")]
    public void What_people_take_for_the_same_has_one_digest(string one, string other) =>
        Assert.Equal(KeyedDigest.Compute(vault, "member.email", one), KeyedDigest.Compute(vault, "member.email", other));

    [Fact]
    public void Another_key_column_or_text_gives_another_digest()
    {
        var digest = KeyedDigest.Compute(vault, "member.email", "anna@example.org");

        Assert.Equal(16, digest.Length);
        Assert.NotEqual(digest, KeyedDigest.Compute(vault, "member.name", "anna@example.org"));
        Assert.NotEqual(digest, KeyedDigest.Compute(vault, "member.email", "anne@example.org"));
        Assert.NotEqual(digest, KeyedDigest.Compute(tenantData, "member.email", "anna@example.org"));
    }

    [Theory]
    [InlineData("Anna@BÜCHER.example", "anna@xn--bcher-kva.example")]
    [InlineData(" anna@example.org", "anna@example.org")]
    [InlineData("anna", "anna")]
    [InlineData("@example.org", "@example.org")]
    [InlineData("anna@", "anna@")]
    [InlineData("anna@.", "anna@.")]
    [InlineData("anna@a b", "anna@a b")]
    [InlineData("\"a@b\"@Example.org", "\"a@b\"@example.org")]
    public void A_mail_domain_is_written_in_a_labels(string address, string expected) => Assert.Equal(expected, KeyedDigest.NormalizeMail(address));

    [Fact]
    public void A_pepper_is_bound_to_its_vault_link_and_passcode()
    {
        using var root = RootKey.Generate();
        using var other = KeyHierarchy.NewVaultKey(root).Key;
        var link = Guid.NewGuid();
        var pepper = PasscodePepper.Apply(vault, link, "1234");

        Assert.Equal(32, pepper.Length);
        Assert.Equal(pepper, PasscodePepper.Apply(vault, link, "1234"));
        Assert.Equal(pepper, PasscodePepper.Apply(vault, link, "１２３４"));
        Assert.NotEqual(pepper, PasscodePepper.Apply(vault, link, "1235"));
        Assert.NotEqual(pepper, PasscodePepper.Apply(vault, Guid.NewGuid(), "1234"));
        Assert.NotEqual(pepper, PasscodePepper.Apply(other, link, "1234"));
    }
}
