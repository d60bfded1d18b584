using System.Formats.Cbor;

namespace RecordingVault.Marks.C2pa;

/// <summary>Maps as CBOR, in the order in which their members are given; a member that is null is left out.</summary>
internal static class CborMaps
{
    public static byte[] Encode(object value)
    {
        var writer = new CborWriter(CborConformanceMode.Strict);
        Write(writer, value);
        return writer.Encode();
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
