using System.Security.Cryptography;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// Who wraps whom (security design 2). Every key is drawn at random and none is derived from another. Opening throws
/// <see cref="SealedFormatException"/>: <see cref="FormatFailure.WrongKind"/>, <see cref="FormatFailure.WrongPlace"/> (another tenant),
/// <see cref="FormatFailure.WrongKey"/> or <see cref="FormatFailure.Damaged"/>. Who opens a tenant's key compares its tenant with the one asked for.
/// </summary>
public static class KeyHierarchy
{
    private delegate TKey Make<out TKey>(Guid keyId, ReadOnlySpan<byte> secret);

    public static (VaultKey Key, WrappedKey Wrap) NewVaultKey(RootKey root)
    {
        var key = new VaultKey(Guid.NewGuid());
        return (key, KeyWrapping.Wrap(root, KeyKind.Vault, Guid.Empty, Guid.Empty, key));
    }

    public static VaultKey OpenVaultKey(RootKey root, WrappedKey wrap) =>
        Open(root, wrap, KeyKind.Vault, Guid.Empty, static (id, secret) => new VaultKey(id, secret));

    public static (TenantKey Key, WrappedKey Wrap) NewTenantKey(RootKey root, Guid tenantId)
    {
        var key = new TenantKey(Guid.NewGuid(), tenantId);
        return (key, KeyWrapping.Wrap(root, KeyKind.Tenant, tenantId, Guid.Empty, key));
    }

    /// <summary>The key's tenant is the wrap's: compare it with the one that was asked for, or look the wrap up by tenant.</summary>
    public static TenantKey OpenTenantKey(RootKey root, WrappedKey wrap) =>
        Open(root, wrap, KeyKind.Tenant, wrap.TenantId, (id, secret) => new TenantKey(id, wrap.TenantId, secret));

    public static (TenantDataKey Key, WrappedKey Wrap) NewTenantDataKey(TenantKey tenantKey)
    {
        var key = new TenantDataKey(Guid.NewGuid(), tenantKey.TenantId);
        return (key, KeyWrapping.Wrap(tenantKey, KeyKind.TenantData, tenantKey.TenantId, Guid.Empty, key));
    }

    public static TenantDataKey OpenTenantDataKey(TenantKey tenantKey, WrappedKey wrap) =>
        Open(tenantKey, wrap, KeyKind.TenantData, tenantKey.TenantId, (id, secret) => new TenantDataKey(id, tenantKey.TenantId, secret));

    /// <summary>A new key for one recording, contact, piece of evidence or export.</summary>
    public static (OwnerKey Key, WrappedKey Wrap) NewOwnerKey(TenantKey tenantKey, KeyKind kind, Guid ownerId)
    {
        if (!kind.HasOwner()) throw new ArgumentOutOfRangeException(nameof(kind), kind, "Keys of this kind have no owner.");
        if (ownerId == Guid.Empty) throw new ArgumentException("The owner's id is empty.", nameof(ownerId));
        var key = new OwnerKey(Guid.NewGuid(), kind, tenantKey.TenantId, ownerId);
        return (key, KeyWrapping.Wrap(tenantKey, kind, tenantKey.TenantId, ownerId, key));
    }

    public static OwnerKey OpenOwnerKey(TenantKey tenantKey, WrappedKey wrap)
    {
        if (!wrap.Kind.HasOwner()) throw WrongKind(wrap);
        return Open(tenantKey, wrap, wrap.Kind, tenantKey.TenantId, (id, secret) => new OwnerKey(id, wrap.Kind, tenantKey.TenantId, wrap.OwnerId, secret));
    }

    /// <summary>Puts the 32 bytes of a signing key into <paramref name="secret"/>, which the caller wipes. The vault's have an empty tenant.</summary>
    internal static void OpenSigningKey(SecretKey wrapping, Guid tenantId, WrappedKey wrap, Span<byte> secret)
    {
        if (wrap.Kind != KeyKind.Signing) throw WrongKind(wrap);
        if (wrap.TenantId != tenantId)
            throw new SealedFormatException(FormatFailure.WrongPlace, $"The wrap of key {wrap.KeyId} belongs to another tenant.");
        KeyWrapping.Open(wrapping, wrap, secret);
    }

    public static (DataProtectionKey Key, WrappedKey Wrap) NewDataProtectionKey(VaultKey vaultKey)
    {
        var key = new DataProtectionKey(Guid.NewGuid());
        return (key, KeyWrapping.Wrap(vaultKey, KeyKind.DataProtection, Guid.Empty, Guid.Empty, key));
    }

    public static DataProtectionKey OpenDataProtectionKey(VaultKey vaultKey, WrappedKey wrap) =>
        Open(vaultKey, wrap, KeyKind.DataProtection, Guid.Empty, static (id, secret) => new DataProtectionKey(id, secret));

    /// <summary>Wraps a tenant key once more, under a new root: rotation writes the new wrap beside the old one.</summary>
    public static WrappedKey Rewrap(RootKey root, TenantKey key) => KeyWrapping.Wrap(root, KeyKind.Tenant, key.TenantId, Guid.Empty, key);

    /// <summary>Wraps the vault key once more, under a new root.</summary>
    public static WrappedKey Rewrap(RootKey root, VaultKey key) => KeyWrapping.Wrap(root, KeyKind.Vault, Guid.Empty, Guid.Empty, key);

    private static TKey Open<TKey>(SecretKey wrapping, WrappedKey wrap, KeyKind kind, Guid tenantId, Make<TKey> make)
    {
        if (wrap.Kind != kind) throw WrongKind(wrap);
        if (wrap.TenantId != tenantId)
            throw new SealedFormatException(FormatFailure.WrongPlace, $"The wrap of key {wrap.KeyId} belongs to another tenant.");

        Span<byte> secret = stackalloc byte[SecretKey.LengthInBytes];
        try
        {
            KeyWrapping.Open(wrapping, wrap, secret);
            return make(wrap.KeyId, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static SealedFormatException WrongKind(WrappedKey wrap) =>
        new(FormatFailure.WrongKind, $"The wrap of key {wrap.KeyId} holds a key of kind {wrap.Kind}, which is not the one asked for.");
}
