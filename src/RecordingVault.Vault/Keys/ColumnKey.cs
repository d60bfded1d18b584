namespace RecordingVault.Vault.Keys;

/// <summary>A key that may seal columns (security design 4): the vault's, a tenant's data key, an owner's, a Data Protection key's.</summary>
public abstract class ColumnKey : SecretKey
{
    private protected ColumnKey(Guid id, ReadOnlySpan<byte> secret) : base(id, secret)
    {
    }

    private protected ColumnKey(Guid id) : base(id)
    {
    }

    private protected ColumnKey(ColumnKey original) : base(original)
    {
    }

    /// <summary>Stands in every sealed column, so that a later replacement of the key can tell old from new.</summary>
    public uint Generation { get; } = 1;

    /// <summary>The only tenant whose rows this key may seal; empty for the vault itself.</summary>
    public abstract Guid TenantId { get; }
}
