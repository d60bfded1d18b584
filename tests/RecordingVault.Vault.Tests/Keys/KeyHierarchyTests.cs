using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Tests.Keys;

public sealed class KeyHierarchyTests : IDisposable
{
    private readonly RootKey root = RootKey.Generate();
    private readonly Guid tenantId = Guid.NewGuid();

    public void Dispose() => root.Dispose();

    [Fact]
    public void Every_key_opens_from_its_wrap_as_it_was()
    {
        var (vault, vaultWrap) = KeyHierarchy.NewVaultKey(root);
        var (tenant, tenantWrap) = KeyHierarchy.NewTenantKey(root, tenantId);
        var (tenantData, tenantDataWrap) = KeyHierarchy.NewTenantDataKey(tenant);
        var (protection, protectionWrap) = KeyHierarchy.NewDataProtectionKey(vault);

        AssertSame(vault, KeyHierarchy.OpenVaultKey(root, vaultWrap));
        AssertSame(tenant, KeyHierarchy.OpenTenantKey(root, tenantWrap));
        AssertSame(tenantData, KeyHierarchy.OpenTenantDataKey(tenant, tenantDataWrap));
        AssertSame(protection, KeyHierarchy.OpenDataProtectionKey(vault, protectionWrap));
    }

    [Theory]
    [InlineData(KeyKind.Recording, "r")]
    [InlineData(KeyKind.Contact, "c")]
    [InlineData(KeyKind.Evidence, "e")]
    [InlineData(KeyKind.Export, "x")]
    public void An_owners_key_opens_as_that_owners(KeyKind kind, string letter)
    {
        using var tenant = KeyHierarchy.NewTenantKey(root, tenantId).Key;
        var ownerId = Guid.NewGuid();

        var (key, wrap) = KeyHierarchy.NewOwnerKey(tenant, kind, ownerId);
        using var opened = KeyHierarchy.OpenOwnerKey(tenant, WrappedKey.Parse(wrap.Bytes));

        AssertSame(key, opened);
        Assert.Equal((kind, tenantId, ownerId), (opened.Kind, opened.TenantId, opened.OwnerId));
        Assert.Equal($"t/{tenantId}/{letter}/{ownerId}/key/{tenant.Id}-{key.Id}", wrap.ObjectName);
    }

    [Fact]
    public void Key_objects_have_the_names_of_the_document()
    {
        var (vault, vaultWrap) = KeyHierarchy.NewVaultKey(root);
        var (tenant, tenantWrap) = KeyHierarchy.NewTenantKey(root, tenantId);
        var (tenantData, tenantDataWrap) = KeyHierarchy.NewTenantDataKey(tenant);
        var (_, protectionWrap) = KeyHierarchy.NewDataProtectionKey(vault);

        Assert.Equal($"v/key/{root.Id}-{vault.Id}", vaultWrap.ObjectName);
        Assert.Equal($"t/{tenantId}/key/{root.Id}-{tenant.Id}", tenantWrap.ObjectName);
        Assert.Equal($"t/{tenantId}/data-key/{tenant.Id}-{tenantData.Id}", tenantDataWrap.ObjectName);
        Assert.Throws<InvalidOperationException>(() => protectionWrap.ObjectName);
    }

    [Fact]
    public void A_wrap_opens_under_no_other_root()
    {
        var (_, wrap) = KeyHierarchy.NewTenantKey(root, tenantId);
        using var other = RootKey.Generate();

        AssertRefused(FormatFailure.WrongKey, () => KeyHierarchy.OpenTenantKey(other, wrap));
    }

    [Fact]
    public void A_wrap_of_another_tenant_is_refused_before_any_key_work()
    {
        using var tenant = KeyHierarchy.NewTenantKey(root, tenantId).Key;
        using var other = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        var (_, wrap) = KeyHierarchy.NewOwnerKey(other, KeyKind.Recording, Guid.NewGuid());
        var (_, dataWrap) = KeyHierarchy.NewTenantDataKey(other);

        AssertRefused(FormatFailure.WrongPlace, () => KeyHierarchy.OpenOwnerKey(tenant, wrap));
        AssertRefused(FormatFailure.WrongPlace, () => KeyHierarchy.OpenTenantDataKey(tenant, dataWrap));
    }

    [Fact]
    public void A_wrap_of_another_kind_is_refused()
    {
        var (vault, vaultWrap) = KeyHierarchy.NewVaultKey(root);
        var (tenant, tenantWrap) = KeyHierarchy.NewTenantKey(root, tenantId);
        var (_, dataWrap) = KeyHierarchy.NewTenantDataKey(tenant);
        var (_, ownerWrap) = KeyHierarchy.NewOwnerKey(tenant, KeyKind.Recording, Guid.NewGuid());

        AssertRefused(FormatFailure.WrongKind, () => KeyHierarchy.OpenVaultKey(root, tenantWrap));
        AssertRefused(FormatFailure.WrongKind, () => KeyHierarchy.OpenTenantKey(root, vaultWrap));
        AssertRefused(FormatFailure.WrongKind, () => KeyHierarchy.OpenOwnerKey(tenant, dataWrap));
        AssertRefused(FormatFailure.WrongKind, () => KeyHierarchy.OpenTenantDataKey(tenant, ownerWrap));
        AssertRefused(FormatFailure.WrongKind, () => KeyHierarchy.OpenDataProtectionKey(vault, vaultWrap));
    }

    [Fact]
    public void Any_changed_bit_of_a_wrap_is_refused()
    {
        using var tenant = KeyHierarchy.NewTenantKey(root, tenantId).Key;
        var (_, wrap) = KeyHierarchy.NewOwnerKey(tenant, KeyKind.Recording, Guid.NewGuid());

        for (var bit = 0; bit < wrap.Bytes.Length * 8; bit++)
        {
            var changed = wrap.Bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Throws<SealedFormatException>(() => KeyHierarchy.OpenOwnerKey(tenant, WrappedKey.Parse(changed)));
        }
    }

    [Fact]
    public void Rotation_of_the_root_key_wraps_the_same_key_beside_the_old_wrap()
    {
        var (tenant, old) = KeyHierarchy.NewTenantKey(root, tenantId);
        using var next = RootKey.Generate();

        var rotated = KeyHierarchy.Rewrap(next, tenant);

        AssertSame(tenant, KeyHierarchy.OpenTenantKey(next, rotated));
        AssertSame(tenant, KeyHierarchy.OpenTenantKey(root, old));
        Assert.NotEqual(old.ObjectName, rotated.ObjectName);
        AssertRefused(FormatFailure.WrongKey, () => KeyHierarchy.OpenTenantKey(root, rotated));
    }

    [Fact]
    public void Only_owners_have_owners_keys()
    {
        using var tenant = KeyHierarchy.NewTenantKey(root, tenantId).Key;

        Assert.Throws<ArgumentOutOfRangeException>(() => KeyHierarchy.NewOwnerKey(tenant, KeyKind.Tenant, Guid.NewGuid()));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyHierarchy.NewOwnerKey(tenant, KeyKind.Signing, Guid.NewGuid()));
        Assert.Throws<ArgumentException>(() => KeyHierarchy.NewOwnerKey(tenant, KeyKind.Recording, Guid.Empty));
    }

    [Fact]
    public void A_parsed_wrap_does_not_change_with_the_bytes_it_came_from()
    {
        var (_, wrap) = KeyHierarchy.NewTenantKey(root, tenantId);
        var bytes = wrap.Bytes.ToArray();

        var parsed = WrappedKey.Parse(bytes);
        Array.Clear(bytes);

        Assert.Equal(wrap.Bytes.ToArray(), parsed.Bytes.ToArray());
    }

    private static void AssertSame(SecretKey expected, SecretKey opened)
    {
        Assert.Equal(expected.Id, opened.Id);
        Assert.Equal(KnownAnswers.BytesOf(expected), KnownAnswers.BytesOf(opened));
    }

    private static void AssertRefused(FormatFailure failure, Func<object> open) => Assert.Equal(failure, Assert.Throws<SealedFormatException>(open).Failure);
}
