using System.Formats.Cbor;

namespace RecordingVault.Marks.C2pa;

/// <summary>Maps as CBOR, in the order in which their members are given; a member that is null is left out.</summary>
internal static class CborMaps
{
    private const int DeepestMap = 16;

    public static byte[] Encode(object value)
    {
        var writer = new CborWriter(CborConformanceMode.Strict);
        Write(writer, value);
        return writer.Encode();
    }

    /// <summary>What CBOR of maps with text names, lists, texts, bytes and whole numbers says; null for anything else. Names that stand twice are refused.</summary>
    public static object? Decode(ReadOnlyMemory<byte> cbor)
    {
        try
        {
            return Read(new CborReader(cbor, CborConformanceMode.Strict), 0);
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private static object? Read(CborReader reader, int depth)
    {
        if (depth > DeepestMap)
            throw new CborContentException("The CBOR is nested too deeply.");
        switch (reader.PeekState())
        {
            case CborReaderState.TextString:
                return reader.ReadTextString();
            case CborReaderState.ByteString:
                return reader.ReadByteString();
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                return reader.ReadInt64();
            case CborReaderState.StartArray:
                var list = new List<object?>();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                    list.Add(Read(reader, depth + 1));
                reader.ReadEndArray();
                return list;
            case CborReaderState.StartMap:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                    map.Add(reader.ReadTextString(), Read(reader, depth + 1));
                reader.ReadEndMap();
                return map;
            default:
                reader.SkipValue();
                return null;
        }
    }

    private static void Write(CborWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteTextString(text);
                break;
            case byte[] bytes:
                writer.WriteByteString(bytes);
                break;
            case int number:
                writer.WriteInt32(number);
                break;
            case long number:
                writer.WriteInt64(number);
                break;
            case IReadOnlyList<(string Name, object? Value)> map:
                var members = map.Where(member => member.Value is not null).ToList();
                writer.WriteStartMap(members.Count);
                foreach (var (name, member) in members)
                {
                    writer.WriteTextString(name);
                    Write(writer, member!);
                }

                writer.WriteEndMap();
                break;
            case IReadOnlyList<object> list:
                writer.WriteStartArray(list.Count);
                foreach (var item in list)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"No CBOR for {value.GetType()}.", nameof(value));
        }
    }
}
