using System.Buffers.Binary;
using System.Text;

namespace RecordingVault.Marks.C2pa;

/// <summary>Boxes of JUMBF (ISO/IEC 19566-5) as C2PA 2.2 nests them.</summary>
internal static class Jumbf
{
    /// <summary>Type of the superboxes of C2PA; the four letters before the tail that they share.</summary>
    public const string Store = "c2pa", Manifest = "c2ma", Assertions = "c2as", Claim = "c2cl", Signature = "c2cs", Cbor = "cbor";

    private const int HeadLength = 8;

    // In a description: behind type and toggles.
    private const int LabelAt = 17;

    private const int MostManifests = 64;

    // Requestable, and with a label.
    private const byte Toggles = 3;

    private static ReadOnlySpan<byte> Tail => [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>What stands in a superbox: its description and its content. A hashed address of C2PA covers exactly this.</summary>
    public static byte[] Body(string type, string label, params IEnumerable<byte[]> content) =>
        [.. Box("jumd", [.. Encoding.ASCII.GetBytes(type), .. Tail, Toggles, .. Encoding.UTF8.GetBytes(label), 0]), .. content.SelectMany(box => box)];

    /// <summary>The manifests of somebody's store, each with its label and its body, in their order; null where it is not one that we can carry on.</summary>
    public static IReadOnlyList<(string Label, byte[] Body)>? Manifests(ReadOnlyMemory<byte> store)
    {
        if (Described(Outermost(store)) is not { Type: Store } outer)
            return null;
        var manifests = new List<(string, byte[])>();
        foreach (var body in outer.Superboxes)
        {
            if (manifests.Count == MostManifests || Described(body) is not { Type: Manifest or "c2um" } manifest)
                return null;
            manifests.Add((manifest.Label, body.ToArray()));
        }

        return manifests;
    }

    private static ReadOnlyMemory<byte> Outermost(ReadOnlyMemory<byte> store)
    {
        try
        {
            var box = Bmff.Box.Read(store.Span, 0, store.Length, mayBeOpen: false);
            return box.Type == "jumb" ? store[(int)box.Body..(int)box.End] : default;
        }
        catch (Bmff.LayoutRefusedException)
        {
            return default;
        }
    }

    /// <summary>
    /// The bodies of the superboxes inside another that have one of these labels, of which a counter (<c>__1</c>) is no part. Null where it, or any of those inside it, can't be
    /// read: what is broken may be the very one that is looked for.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Inside(ReadOnlyMemory<byte> body, params string[] labels)
    {
        if (Described(body) is not { } outer)
            return null;
        var found = new List<ReadOnlyMemory<byte>>();
        foreach (var inner in outer.Superboxes)
        {
            if (Described(inner) is not { } described)
                return null;
            if (labels.Contains(described.Label.Split("__", 2)[0], StringComparer.Ordinal))
                found.Add(inner);
        }

        return found;
    }

    /// <summary>All superboxes inside another, each with its label; null where one of them can't be read.</summary>
    public static IReadOnlyList<(string Label, ReadOnlyMemory<byte> Body)>? Labelled(ReadOnlyMemory<byte> body)
    {
        if (Described(body) is not { } outer)
            return null;
        var found = outer.Superboxes.Select(inner => (Described(inner)?.Label, inner)).ToList();
        return found.Exists(one => one.Label is null) ? null : [.. found.Select(one => (one.Label!, one.inner))];
    }

    /// <summary>The CBOR in a superbox; null where there is none.</summary>
    public static ReadOnlyMemory<byte>? CborOf(ReadOnlyMemory<byte> body) => Described(body)?.Cbor;

    /// <summary>Null for what is no superbox, or is broken.</summary>
    private static Superboxed? Described(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Describe(body);
        }
        catch (Bmff.LayoutRefusedException)
        {
            return null;
        }
    }

    private static Superboxed? Describe(ReadOnlyMemory<byte> body)
    {
        var superboxes = new List<ReadOnlyMemory<byte>>();
        var (type, label) = ("", "");
        ReadOnlyMemory<byte>? cbor = null;
        for (var at = 0; at < body.Length;)
        {
            var box = Bmff.Box.Read(body.Span[at..], at, body.Length, mayBeOpen: false);
            var content = body[(int)box.Body..(int)box.End];
            if (at == 0)
            {
                var end = content.Length > LabelAt ? content.Span[LabelAt..].IndexOf((byte)0) : -1;
                if (box.Type != "jumd" || end < 0)
                    return null;
                // Pictures that are embedded have a type of another family, which nothing here looks for.
                var isOfFamily = content.Span[4..(4 + Tail.Length)].SequenceEqual(Tail);
                (type, label) = (isOfFamily ? Encoding.ASCII.GetString(content.Span[..4]) : "", Encoding.UTF8.GetString(content.Span.Slice(LabelAt, end)));
            }
            else if (box.Type == "jumb")
            {
                superboxes.Add(content);
            }

            else if (box.Type == "cbor")
            {
                cbor = content;
            }

            at = (int)box.End;
        }

        return label.Length == 0 ? null : new Superboxed(type, label, superboxes, cbor);
    }

    private sealed record Superboxed(string Type, string Label, IReadOnlyList<ReadOnlyMemory<byte>> Superboxes, ReadOnlyMemory<byte>? Cbor);

    public static byte[] Superbox(byte[] body) => Box("jumb", body);

    public static byte[] Box(string type, ReadOnlySpan<byte> content)
    {
        var box = new byte[HeadLength + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        content.CopyTo(box.AsSpan(HeadLength));
        return box;
    }
}
