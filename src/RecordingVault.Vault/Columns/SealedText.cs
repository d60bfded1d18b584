using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Columns;

/// <summary>
/// Words about people as they stand in the database: bytes to everybody but an explicit <see cref="Open"/>. What nobody opened prints as "sealed".
/// Bound to tenant, row and column: moved anywhere else, it does not open (sealed-format.md, sealed text).
/// </summary>
public readonly struct SealedText : IEquatable<SealedText>
{
    private SealedText(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>What the column holds. Empty for a value that was never sealed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Takes what a column holds, unchecked: it is checked when it is opened.</summary>
    public static SealedText FromBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>
    /// Seals under a fresh nonce, so equal texts give different bytes. <paramref name="tableColumn"/> is `table.column` as in the database.
    /// Throws <see cref="ArgumentException"/> when the key belongs to another tenant.
    /// </summary>
    public static SealedText Seal(ColumnKey key, Guid tenantId, Guid rowId, string tableColumn, string text)
    {
        if (key.TenantId != tenantId) throw new ArgumentException("The key belongs to another tenant than the row.", nameof(tenantId));
        return new SealedText(TextSealing.Seal(key, new ColumnPlace(tenantId, rowId, tableColumn), text));
    }

    /// <summary>Throws <see cref="SealedFormatException"/> when the bytes were changed, moved, or sealed under another key.</summary>
    public string Open(ColumnKey key, Guid tenantId, Guid rowId, string tableColumn)
    {
        if (key.TenantId != tenantId) throw new ArgumentException("The key belongs to another tenant than the row.", nameof(tenantId));
        return TextSealing.Open(key, new ColumnPlace(tenantId, rowId, tableColumn), Bytes.Span);
    }

    public bool Equals(SealedText other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override bool Equals(object? obj) => obj is SealedText other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => "sealed";

    public static bool operator ==(SealedText left, SealedText right) => left.Equals(right);

    public static bool operator !=(SealedText left, SealedText right) => !left.Equals(right);
}
