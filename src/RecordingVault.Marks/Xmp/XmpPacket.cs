using System.Text;
using System.Xml;
using System.Xml.Linq;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Xmp;

/// <summary>What a packet says of a recording's use.</summary>
/// <param name="Tag">Any but the one that is never written.</param>
/// <param name="Statement">Where terms can be read, as an absolute address; null for none.</param>
public sealed record XmpMark(UsageTag Tag, Uri? Statement = null);

/// <summary>
/// XMP packets (ISO 16684-1) with a usage mark: <c>plus:DataMining</c>, <c>plus:OtherConstraints</c>, the rights terms and <c>tdm:reservation</c>. What else stood in a packet stays
/// in it, processing instructions and comments apart. The same mark over the same packet gives the same bytes.
/// </summary>
public static class XmpPacket
{
    /// <summary>Bytes; a longer packet is not read.</summary>
    public const int MaxLength = 1 << 20;

    private const string Language = "x-default";

    private static readonly XName[] s_own = [XmpNames.DataMining, XmpNames.OtherConstraints, XmpNames.Marked, XmpNames.UsageTerms, XmpNames.WebStatement, XmpNames.Reservation];

    // The id is the standard's own; the mark in `begin` is U+FEFF.
    private static readonly byte[] s_head = "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"u8.ToArray();
    private static readonly byte[] s_tail = "\n<?xpacket end=\"w\"?>"u8.ToArray();

    /// <summary>A packet with the mark, in UTF-8.</summary>
    /// <param name="mark">What it says.</param>
    /// <param name="present">The packet that the file has already, or nothing. Its own words on use are replaced: whoever sets a tag has joined them before. One that can't be read is left out.</param>
    public static byte[] Write(XmpMark mark, ReadOnlyMemory<byte> present = default)
    {
        if (!XmpDocument.TryParse(present, out var document))
            document = new XDocument(new XElement(XmpNames.Meta + "xmpmeta", new XAttribute(XNamespace.Xmlns + "x", XmpNames.Meta), new XElement(XmpNames.Rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", XmpNames.Rdf))));
        var rdf = document.Descendants(XmpNames.Rdf + "RDF").Single();
        var root = document.Root!;
        var about = rdf.Elements().Select(other => other.Attribute(XmpNames.Rdf + "about")?.Value).FirstOrDefault() ?? "";
        var (constraints, terms) = (Alternatives(root, XmpNames.OtherConstraints, mark.Tag), Alternatives(root, XmpNames.UsageTerms, mark.Tag));
        var statement = mark.Statement?.AbsoluteUri ?? Values(root, XmpNames.WebStatement).FirstOrDefault();
        foreach (var name in s_own)
            Remove(root, name);
        rdf.Elements(XmpNames.Rdf + "Description").Where(IsEmpty).Remove();
        var description = new XElement(XmpNames.Rdf + "Description", new XAttribute(XmpNames.Rdf + "about", about),
            new XAttribute(XNamespace.Xmlns + "plus", XmpNames.Plus), new XAttribute(XNamespace.Xmlns + "xmpRights", XmpNames.Rights), new XAttribute(XNamespace.Xmlns + "tdm", XmpNames.Tdm),
            new XElement(XmpNames.DataMining, PlusDataMining.Value(mark.Tag)),
            new XElement(XmpNames.OtherConstraints, constraints),
            new XElement(XmpNames.Marked, "True"),
            new XElement(XmpNames.UsageTerms, terms),
            new XElement(XmpNames.Reservation, WebMarks.TdmReservation(mark.Tag)));
        if (statement is not null)
            description.Add(new XElement(XmpNames.WebStatement, statement));
        rdf.Add(description);
        return Serialize(root);
    }

    /// <summary>The marks that stand in a packet. One that can't be read counts as a prohibition: nobody can say what it allows.</summary>
    public static IReadOnlyList<FoundMark> Read(ReadOnlyMemory<byte> packet)
    {
        if (!XmpDocument.TryParse(packet, out var document))
            return [FoundMark.Unreadable("XMP")];
        var root = document.Root!;
        var exact = Values(root, XmpNames.DataMining).Select(value => new FoundMark("XMP plus:DataMining", value, PlusDataMining.Says(value))).ToList();
        // One bit for all mining: in a packet of ours it only says once more what the exact word says; beside anybody else's word it reserves all the same.
        var rough = IsOwn(root) ? [] : Values(root, XmpNames.Reservation).Where(value => value.Trim() != "0");
        return FoundMark.Bounded(exact.Concat(rough.Select(value => new FoundMark("XMP tdm:reservation", value, UsageRights.Nothing))));
    }

    /// <summary>Where a packet says that the terms of its owner stand; null where it says nothing, or can't be read.</summary>
    public static string? StatementOf(ReadOnlyMemory<byte> packet) =>
        XmpDocument.TryParse(packet, out var document) ? Values(document.Root!, XmpNames.WebStatement).FirstOrDefault() : null;

    /// <summary>Whether one of our tags stands in it in both of its words, the exact one and the sentence.</summary>
    private static bool IsOwn(XElement root)
    {
        var exact = Values(root, XmpNames.DataMining).ToList();
        var sentences = Values(root, XmpNames.OtherConstraints).Select(text => text.TrimStart()).ToList();
        return exact.Count > 0 && UsageTag.All.Any(tag =>
            exact.TrueForAll(value => value == PlusDataMining.Value(tag)) && sentences.Exists(text => text.StartsWith(tag.Statement, StringComparison.Ordinal)));
    }

    /// <summary>A Lang Alt whose default is our sentence and behind it theirs; an older sentence of ours goes, and other languages stay as they are.</summary>
    private static XElement Alternatives(XElement root, XName name, UsageTag tag)
    {
        var items = root.Descendants(name).Descendants(XmpNames.Rdf + "li").ToList();
        var standard = items.Find(item => item.Attribute(XNamespace.Xml + "lang")?.Value == Language);
        var theirs = standard?.Value ?? (items.Count == 0 ? Values(root, name).FirstOrDefault() ?? "" : "");
        if (UsageTag.All.Where(other => theirs.StartsWith(other.Statement, StringComparison.Ordinal)).MaxBy(other => other.Statement.Length) is { } earlier)
            theirs = theirs[earlier.Statement.Length..].TrimStart();
        return new XElement(XmpNames.Rdf + "Alt",
            new XElement(XmpNames.Rdf + "li", new XAttribute(XNamespace.Xml + "lang", Language), theirs.Length == 0 ? tag.Statement : $"{tag.Statement} {theirs}"),
            items.Where(item => item != standard && item.Attribute(XNamespace.Xml + "lang") is not null).Select(item => new XElement(item)));
    }

    /// <summary>In each form that RDF has for a simple value: an element with text, one with <c>rdf:resource</c>, an attribute.</summary>
    private static IEnumerable<string> Values(XElement root, XName name) =>
        root.DescendantsAndSelf(name).Select(element => element.Attribute(XmpNames.Rdf + "resource")?.Value ?? element.Value)
            .Concat(root.DescendantsAndSelf().Attributes(name).Select(attribute => attribute.Value));

    private static bool IsEmpty(XElement description) =>
        !description.HasElements && description.Attributes().All(attribute => attribute.IsNamespaceDeclaration || attribute.Name == XmpNames.Rdf + "about");

    private static void Remove(XElement root, XName name)
    {
        root.Descendants(name).Remove();
        root.DescendantsAndSelf().Attributes(name).Remove();
    }

    private static byte[] Serialize(XElement root)
    {
        using var target = new MemoryStream();
        target.Write(s_head);
        using (var writer = XmlWriter.Create(target, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), OmitXmlDeclaration = true, NewLineChars = "\n", CloseOutput = false }))
            root.Save(writer);
        target.Write(s_tail);
        return target.ToArray();
    }
}
