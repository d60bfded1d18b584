namespace RecordingVault.Vault.Keys;

/// <summary>Wrapped by the root key: members' personal data, passcode pepper, wrapping of Data Protection keys.</summary>
public sealed class VaultKey : ColumnKey
{
    internal VaultKey(Guid id) : base(id)
    {
    }

    internal VaultKey(Guid id, ReadOnlySpan<byte> secret) : base(id, secret)
    {
    }

    private VaultKey(VaultKey original) : base(original)
    {
    }

    public override Guid TenantId => Guid.Empty;

    /// <summary>A second copy that its asker disposes.</summary>
    public VaultKey Copy() => new(this);
}

/// <summary>Wrapped by the vault key: seals one Data Protection key's XML.</summary>
public sealed class DataProtectionKey : ColumnKey
{
    internal DataProtectionKey(Guid id) : base(id)
    {
    }

    internal DataProtectionKey(Guid id, ReadOnlySpan<byte> secret) : base(id, secret)
    {
    }

    private DataProtectionKey(DataProtectionKey original) : base(original)
    {
    }

    public override Guid TenantId => Guid.Empty;

    /// <summary>A second copy that its asker disposes.</summary>
    public DataProtectionKey Copy() => new(this);
}
