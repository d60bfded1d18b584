using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;

namespace RecordingVault.Marks.Xmp;

/// <summary>A packet as it stood in somebody's file: hostile until read. No document type, no entity, no address that is followed, and bounds on length and depth.</summary>
internal static class XmpDocument
{
    private const int MostDepth = 64;

    // Names are resolved and neighbours found step by step: what is small in bytes can be long to walk.
    private const int MostNodes = 10_000;

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = XmpPacket.MaxLength,
        MaxCharactersFromEntities = 1024,
        IgnoreWhitespace = true,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <summary>False for what is too long, too deep, no XML, or XML without one <c>rdf:RDF</c>, as its root or inside <c>x:xmpmeta</c>.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> packet, [NotNullWhen(true)] out XDocument? document)
    {
        document = null;
        // Writers pad with spaces inside the packet, and some with zeros behind it.
        var bytes = packet[..(packet.Span.LastIndexOfAnyExcept((byte)0) + 1)];
        if (bytes.Length is 0 or > XmpPacket.MaxLength)
            return false;
        try
        {
            if (!IsSmall(bytes))
                return false;
            using var reader = Open(bytes);
            var parsed = XDocument.Load(reader);
            var root = parsed.Root!.Name;
            if ((root.Namespace != XmpNames.Meta && root != XmpNames.Rdf + "RDF") || parsed.Descendants(XmpNames.Rdf + "RDF").Take(2).Count() != 1)
                return false;
            document = parsed;
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsSmall(ReadOnlyMemory<byte> bytes)
    {
        using var reader = Open(bytes);
        for (var nodes = 0; reader.Read(); nodes += 1 + reader.AttributeCount)
        {
            if (reader.Depth > MostDepth || nodes > MostNodes)
                return false;
        }

        return true;
    }

    private static XmlReader Open(ReadOnlyMemory<byte> bytes) => XmlReader.Create(new MemoryStream(bytes.ToArray(), writable: false), s_settings);
}
