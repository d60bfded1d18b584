using System.Xml;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>Who joined, from the <c>events.xml</c> of a raw BigBlueButton recording: its <c>ParticipantJoinEvent</c>s. Read as a stream, without document types and so without entities.</summary>
internal static class BigbluebuttonPeople
{
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = ImportParticipants.MostBytes,
    };

    public static ImportedList Read(string text)
    {
        var list = new ImportedList();
        using var reader = XmlReader.Create(new StringReader(text), s_settings);
        try
        {
            reader.MoveToContent();
            if (reader.LocalName is not ("recording" or "events"))
                list.Fault(1, "events.xml", "This is no events.xml of BigBlueButton: it begins with recording.");
            while (list.Errors.Count == 0 && !list.IsFull && reader.ReadToFollowing("event"))
            {
                if (reader.GetAttribute("eventname") != "ParticipantJoinEvent")
                    continue;
                var line = ((IXmlLineInfo)reader).LineNumber;
                using var joined = reader.ReadSubtree();
                list.Add(new ImportedRow(line, joined.ReadToDescendant("name") ? joined.ReadElementContentAsString() : "", null));
            }
        }
        catch (XmlException fault)
        {
            list.Fault(Math.Max(1, fault.LineNumber), "events.xml", "Here it is no XML that the vault reads: it has no document type, and each element is closed. Copy the whole file again.");
        }

        return list;
    }
}
