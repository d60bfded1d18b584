using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Format;

/// <summary>
/// The first 128 bytes of a sealed object, without any key. Says what the object claims to be; only opening it proves that.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SealedHeader(ObjectRole Role, Guid TenantId, Guid OwnerId, Guid ObjectId)
{
    public const int LengthInBytes = SealedLayout.HeaderLength;

    internal const int KeyedLength = 96;
    internal const int SaltLength = 32;
    internal static readonly Range Salt = 64..KeyedLength;
    internal static readonly Range Commitment = KeyedLength..LengthInBytes;

    private static ReadOnlySpan<byte> Magic => [0x89, 0x52, 0x56, 0x53, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Checks every field in the document's order. Throws <see cref="SealedFormatException"/>.</summary>
    public static SealedHeader Parse(ReadOnlySpan<byte> first128)
    {
        if (first128.Length < LengthInBytes) throw new SealedFormatException(FormatFailure.BadLength, "A sealed object has at least 128 bytes.");
        if (!first128.StartsWith(Magic)) throw new SealedFormatException(FormatFailure.UnknownMagic, "This is not a sealed object.");
        if (first128[8] != 1) throw new SealedFormatException(FormatFailure.UnknownVersion, $"The format version {first128[8]} is not known.");
        if (first128[9] != 1) throw new SealedFormatException(FormatFailure.UnknownSuite, $"The cipher suite {first128[9]} is not known.");
        if (first128[10] != 16) throw new SealedFormatException(FormatFailure.BadChunkSize, "The chunk size is not 65,536.");
        if (!ObjectRoles.IsKnown(first128[11])) throw new SealedFormatException(FormatFailure.UnknownRole, $"The role {first128[11]} is not known.");
        if (first128[12..16].ContainsAnyExcept((byte)0)) throw new SealedFormatException(FormatFailure.ReservedNotZero, "A reserved byte of the header is set.");
        return new SealedHeader(
            (ObjectRole)first128[11],
            new Guid(first128[16..32], bigEndian: true),
            new Guid(first128[32..48], bigEndian: true),
            new Guid(first128[48..64], bigEndian: true));
    }

    /// <summary>The one plaintext length that gives a sealed object of this length, header included, if there is one.</summary>
    public static bool TryPlaintextLength(long sealedLength, out long plaintextLength) => SealedLayout.TryPlaintextLength(sealedLength, out plaintextLength);

    /// <summary>Writes the 96 bytes that key and commitment depend on.</summary>
    internal void WriteKeyed(ReadOnlySpan<byte> salt, Span<byte> keyed)
    {
        Magic.CopyTo(keyed);
        keyed[8] = 1;
        keyed[9] = 1;
        keyed[10] = 16;
        keyed[11] = (byte)Role;
        keyed[12..16].Clear();
        TenantId.TryWriteBytes(keyed[16..], bigEndian: true, out _);
        OwnerId.TryWriteBytes(keyed[32..], bigEndian: true, out _);
        ObjectId.TryWriteBytes(keyed[48..], bigEndian: true, out _);
        salt.CopyTo(keyed[64..]);
    }

    internal static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltLength);

    internal void RequirePlace(SealedHeader place)
    {
        if (this != place)
            throw new SealedFormatException(FormatFailure.WrongPlace, $"What stands at {place.Role} {place.ObjectId} was sealed as {Role} {ObjectId} of another place.");
    }
}
