using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RecordingVault.Vault.Packages;

/// <param name="Offset">Where its local header begins, in bytes.</param>
internal readonly record struct ZipEntry(string Name, uint Crc, long Length, long Offset);

/// <summary>
/// The records of a zip in the one form that packages have: stored, sizes known beforehand, no comment, no time, zip64 only where a number needs it. The writer writes these
/// bytes, and whoever verifies makes them again and compares: so no two readers can see different files in one package (docs/export.md).
/// </summary>
internal static class ZipRecords
{
    public const int LocalFixedLength = 30;
    public const uint LocalSignature = 0x04034b50;
    public const uint CentralSignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const ushort Plain = 20;
    private const ushort Zip64 = 45;
    private const ushort MadeOnUnix = 3 << 8;

    /// <summary>A file that its owner may write and everybody may read.</summary>
    private const uint Attributes = 0x81A4u << 16;

    /// <summary>1 January 1980, the first day that a zip knows.</summary>
    private const ushort Day = 0x21;

    public static byte[] Local(ZipEntry entry)
    {
        var large = entry.Length >= uint.MaxValue;
        var record = new Record();
        record.U32(LocalSignature);
        Common(record, entry, large, large ? 20 : 0);
        record.Text(entry.Name);
        if (large)
            Sizes(record, entry.Length, null, withLength: true);
        return record.ToArray();
    }

    /// <summary>Everything behind the last file: the directory, and the end.</summary>
    public static byte[] Tail(IReadOnlyList<ZipEntry> entries, long directoryOffset)
    {
        var record = new Record();
        foreach (var entry in entries)
            Central(record, entry);
        var (length, count) = (record.Length, entries.Count);
        var large = count >= ushort.MaxValue || directoryOffset >= uint.MaxValue || length >= uint.MaxValue;
        if (large)
        {
            record.U32(End64Signature).U64(44).U16(MadeOnUnix | Zip64).U16(Zip64).U32(0).U32(0).U64(count).U64(count).U64(length).U64(directoryOffset);
            record.U32(Locator64Signature).U32(0).U64(directoryOffset + length).U32(1);
        }

        record.U32(EndSignature).U16(0).U16(0).U16((ushort)Math.Min(count, ushort.MaxValue)).U16((ushort)Math.Min(count, ushort.MaxValue))
            .U32(Short(length)).U32(Short(directoryOffset)).U16(0);
        return record.ToArray();
    }

    private static void Central(Record record, ZipEntry entry)
    {
        var large = entry.Length >= uint.MaxValue;
        var far = entry.Offset >= uint.MaxValue;
        record.U32(CentralSignature).U16(MadeOnUnix | Zip64);
        Common(record, entry, large || far, (large || far ? 4 : 0) + (large ? 16 : 0) + (far ? 8 : 0));
        record.U16(0).U16(0).U16(0).U32(Attributes).U32(Short(entry.Offset)).Text(entry.Name);
        if (large || far)
            Sizes(record, entry.Length, far ? entry.Offset : null, large);
    }

    /// <summary>What both headers of a file have.</summary>
    private static void Common(Record record, ZipEntry entry, bool is64, int extraLength)
    {
        record.U16(is64 ? Zip64 : Plain).U16(0).U16(0).U16(0).U16(Day).U32(entry.Crc).U32(Short(entry.Length)).U32(Short(entry.Length))
            .U16((ushort)entry.Name.Length).U16((ushort)extraLength);
    }

    private static void Sizes(Record record, long length, long? offset, bool withLength)
    {
        record.U16(1).U16((ushort)((withLength ? 16 : 0) + (offset is null ? 0 : 8)));
        if (withLength)
            record.U64(length).U64(length);
        if (offset is { } far)
            record.U64(far);
    }

    private static uint Short(long value) => value >= uint.MaxValue ? uint.MaxValue : (uint)value;

    private sealed class Record
    {
        private readonly ArrayBufferWriter<byte> bytes = new();

        public long Length => bytes.WrittenCount;

        public Record U16(ushort value)
        {
            Span<byte> room = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(room, value);
            bytes.Write(room);
            return this;
        }

        public Record U32(uint value)
        {
            Span<byte> room = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
            bytes.Write(room);
            return this;
        }

        public Record U64(long value)
        {
            Span<byte> room = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(room, value);
            bytes.Write(room);
            return this;
        }

        public Record Text(string ascii)
        {
            bytes.Write(Encoding.ASCII.GetBytes(ascii));
            return this;
        }

        public byte[] ToArray() => bytes.WrittenSpan.ToArray();
    }
}
