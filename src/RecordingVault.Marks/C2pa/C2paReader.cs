using System.Formats.Cbor;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.C2pa;

/// <summary>What the manifests of a file say of its use: the CAWG assertion, and its predecessor of C2PA 1.x. It checks no signature: a prohibition counts whoever wrote it.</summary>
public static class C2paReader
{
    private const string Carrier = "C2PA training-mining";
    private const int MostEntries = 32;

    private static readonly string[] s_labels = ["cawg.training-mining", "c2pa.training-mining"];

    /// <summary>The marks in a store, of every manifest in it, earlier ones too. A store or an assertion that can't be read prohibits.</summary>
    public static IReadOnlyList<FoundMark> Read(ReadOnlyMemory<byte> store)
    {
        if (Jumbf.Manifests(store) is not { } manifests)
            return [FoundMark.Unreadable("C2PA")];
        return FoundMark.Bounded(manifests.SelectMany(manifest => Marks(manifest.Body)));
    }

    /// <summary>The marks in what stands in a C2PA box of an MP4.</summary>
    public static IReadOnlyList<FoundMark> ReadBox(ReadOnlyMemory<byte> box) => ManifestBox.StoreOf(box) is { } store ? Read(store) : [FoundMark.Unreadable("C2PA")];

    private static IEnumerable<FoundMark> Marks(ReadOnlyMemory<byte> manifest)
    {
        if (Jumbf.Inside(manifest, "c2pa.assertions") is not { } stores)
            return [FoundMark.Unreadable("C2PA")];
        return stores.SelectMany(store => Jumbf.Inside(store, s_labels) is { } assertions ? assertions.Select(assertion => Mark(Jumbf.CborOf(assertion))) : [FoundMark.Unreadable("C2PA")]);
    }

    private static FoundMark Mark(ReadOnlyMemory<byte>? cbor)
    {
        if (cbor is not { } bytes || Entries(bytes) is not { } entries)
            return FoundMark.Unreadable(Carrier);
        return new FoundMark(Carrier, string.Join(", ", entries.Select(entry => $"{entry.Label}={entry.Use}")), CawgEntries.Says(entries));
    }

    private static List<CawgEntry>? Entries(ReadOnlyMemory<byte> cbor)
    {
        try
        {
            var reader = new CborReader(cbor, CborConformanceMode.Lax);
            List<CawgEntry>? entries = null;
            reader.ReadStartMap();
            while (reader.PeekState() != CborReaderState.EndMap)
            {
                if (reader.ReadTextString() == "entries")
                    entries = ReadEntries(reader);
                else
                    reader.SkipValue();
            }

            return entries;
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<CawgEntry>? ReadEntries(CborReader reader)
    {
        var entries = new List<CawgEntry>();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            if (entries.Count == MostEntries)
                return null;
            var (label, use) = (reader.ReadTextString(), "");
            reader.ReadStartMap();
            while (reader.PeekState() != CborReaderState.EndMap)
            {
                if (reader.ReadTextString() == "use")
                    use = reader.ReadTextString();
                else
                    reader.SkipValue();
            }

            reader.ReadEndMap();
            entries.Add(new CawgEntry(label, use, null));
        }

        reader.ReadEndMap();
        return entries;
    }
}
