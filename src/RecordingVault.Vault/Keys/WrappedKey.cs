using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Keys;

/// <summary>A key sealed under another one: 176 bytes that stand in the table of wraps and in a key object of the bucket.</summary>
public sealed class WrappedKey
{
    private WrappedKey(ReadOnlyMemory<byte> bytes)
    {
        var head = bytes.Span;
        Bytes = bytes;
        Kind = (KeyKind)head[6];
        WrappingKeyId = new Guid(head[WrapLayout.WrappingKeyId], bigEndian: true);
        TenantId = new Guid(head[WrapLayout.TenantId], bigEndian: true);
        OwnerId = new Guid(head[WrapLayout.OwnerId], bigEndian: true);
        KeyId = new Guid(head[WrapLayout.KeyId], bigEndian: true);
    }

    public KeyKind Kind { get; }

    public Guid WrappingKeyId { get; }

    /// <summary>Empty for the vault's keys.</summary>
    public Guid TenantId { get; }

    /// <summary>The recording, contact, piece of evidence or export; empty for the other kinds.</summary>
    public Guid OwnerId { get; }

    /// <summary>The id of the key inside.</summary>
    public Guid KeyId { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The name of its key object. Wraps of signing and Data Protection keys stand in the database only: for them this throws.</summary>
    public string ObjectName => ObjectNames.Key(Kind, TenantId, OwnerId, WrappingKeyId, KeyId).Value;

    /// <summary>Reads a wrap without any key. Throws <see cref="SealedFormatException"/> for what no version of ours has written.</summary>
    public static WrappedKey Parse(ReadOnlyMemory<byte> bytes)
    {
        Check(bytes.Span);
        return new WrappedKey(bytes.ToArray());
    }

    // The order is the document's, and all of it comes before any key work.
    private static void Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < WrapLayout.HeadLength) throw Refuse(FormatFailure.BadLength, "The wrap is too short.");
        if (!bytes.StartsWith(WrapLayout.Magic)) throw Refuse(FormatFailure.UnknownMagic, "This is not a wrapped key.");
        if (bytes[4] != 1) throw Refuse(FormatFailure.UnknownVersion, "The wrap is of a version that this program does not know.");
        if (bytes[5] != 1) throw Refuse(FormatFailure.UnknownSuite, "The wrap is of a suite that this program does not know.");
        if (!KeyKinds.IsKnown(bytes[6])) throw Refuse(FormatFailure.UnknownKind, "The wrap holds a kind of key that this program does not know.");
        if (bytes[7] != 0) throw Refuse(FormatFailure.ReservedNotZero, "A reserved byte of the wrap is set.");
        if (bytes.Length != WrapLayout.TotalLength) throw Refuse(FormatFailure.BadLength, "A wrap has 176 bytes.");
        if (!IdsFitKind((KeyKind)bytes[6], bytes[WrapLayout.TenantId], bytes[WrapLayout.OwnerId]))
            throw Refuse(FormatFailure.WrongPlace, "The wrap's tenant or owner does not fit its kind.");
    }

    private static bool IdsFitKind(KeyKind kind, ReadOnlySpan<byte> tenantId, ReadOnlySpan<byte> ownerId)
    {
        var tenantIsZero = !tenantId.ContainsAnyExcept((byte)0);
        var ownerIsZero = !ownerId.ContainsAnyExcept((byte)0);
        var tenantFits = kind switch
        {
            KeyKind.Vault or KeyKind.DataProtection => tenantIsZero,
            KeyKind.Signing => true,
            _ => !tenantIsZero,
        };
        return tenantFits && ownerIsZero != kind.HasOwner();
    }

    private static SealedFormatException Refuse(FormatFailure failure, string message) => new(failure, message);
}
