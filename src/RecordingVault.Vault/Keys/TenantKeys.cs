namespace RecordingVault.Vault.Keys;

/// <summary>Wrapped by the root key. It wraps the tenant's other keys and does nothing else.</summary>
public sealed class TenantKey : SecretKey
{
    internal TenantKey(Guid id, Guid tenantId) : base(id) => TenantId = tenantId;

    internal TenantKey(Guid id, Guid tenantId, ReadOnlySpan<byte> secret) : base(id, secret) => TenantId = tenantId;

    private TenantKey(TenantKey original) : base(original) => TenantId = original.TenantId;

    public Guid TenantId { get; }

    /// <summary>A second copy that its asker disposes.</summary>
    public TenantKey Copy() => new(this);
}

/// <summary>Wrapped by the tenant key: what belongs to the tenant as such, and its keyed digests.</summary>
public sealed class TenantDataKey : ColumnKey
{
    internal TenantDataKey(Guid id, Guid tenantId) : base(id) => TenantId = tenantId;

    internal TenantDataKey(Guid id, Guid tenantId, ReadOnlySpan<byte> secret) : base(id, secret) => TenantId = tenantId;

    private TenantDataKey(TenantDataKey original) : base(original) => TenantId = original.TenantId;

    public override Guid TenantId { get; }

    /// <summary>A second copy that its asker disposes.</summary>
    public TenantDataKey Copy() => new(this);
}

/// <summary>Wrapped by the tenant key: all objects and columns of one recording, contact, piece of evidence or export.</summary>
public sealed class OwnerKey : ColumnKey
{
    internal OwnerKey(Guid id, KeyKind kind, Guid tenantId, Guid ownerId) : base(id)
    {
        Kind = kind;
        TenantId = tenantId;
        OwnerId = ownerId;
    }

    internal OwnerKey(Guid id, KeyKind kind, Guid tenantId, Guid ownerId, ReadOnlySpan<byte> secret) : base(id, secret)
    {
        Kind = kind;
        TenantId = tenantId;
        OwnerId = ownerId;
    }

    private OwnerKey(OwnerKey original) : base(original)
    {
        Kind = original.Kind;
        TenantId = original.TenantId;
        OwnerId = original.OwnerId;
    }

    /// <summary>Recording, contact, evidence or export.</summary>
    public KeyKind Kind { get; }

    public override Guid TenantId { get; }

    public Guid OwnerId { get; }

    /// <summary>A second copy that its asker disposes.</summary>
    public OwnerKey Copy() => new(this);
}
