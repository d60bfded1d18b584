using System.Buffers.Binary;

namespace RecordingVault.Marks.Bmff;

/// <summary>A <c>moov</c> whose absolute offsets can be moved: chunk offsets of every track, and those of auxiliary information.</summary>
internal sealed class Movie
{
    public const int LargestMovie = 64 << 20, MostBoxes = 100_000;
    private const int MostTracks = 64;

    // Where the entries of a table begin behind version, flags and count.
    private const int Entries = 8;

    private readonly BoxNode root;
    private readonly List<Table> tables = [];

    private Movie(BoxNode root) => this.root = root;

    private sealed record Table(BoxNode Node, int Width, int First, int Count)
    {
        public long this[int i] => Width == 8
            ? BinaryPrimitives.ReadInt64BigEndian(Node.Content.Span[(First + (8 * i))..])
            : BinaryPrimitives.ReadUInt32BigEndian(Node.Content.Span[(First + (4 * i))..]);
    }

    /// <summary>XMP packets inside the movie, where QuickTime has them (<c>udta/XMP_</c>).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Packets => [.. PacketNodes.Select(node => node.Content)];

    private IEnumerable<BoxNode> PacketNodes => root.All.Where(node => node.Type == "udta").SelectMany(node => node.Children).Where(node => node.Type == "XMP_");

    /// <summary>Every offset that the movie names.</summary>
    public IEnumerable<long> Offsets => tables.SelectMany(table => Enumerable.Range(0, table.Count).Select(i => table[i]));

    /// <param name="content">What follows the head of the <c>moov</c>.</param>
    /// <exception cref="LayoutRefusedException">Broken, past its bounds, compressed, or with data in other files.</exception>
    public static Movie Parse(ReadOnlyMemory<byte> content)
    {
        var budget = MostBoxes;
        var movie = new Movie(BoxNode.Parse("moov", content, 0, ref budget));
        var tracks = 0;
        foreach (var node in movie.root.All)
        {
            switch (node.Type)
            {
                case "trak" when ++tracks > MostTracks:
                    throw new LayoutRefusedException("there are too many tracks");
                case "rmra":
                    throw new LayoutRefusedException("its data lie in another file");
                case "cmov":
                    throw new LayoutRefusedException("its index is compressed");
                case "dref":
                    RefuseOtherFiles(node);
                    break;
                case "meta":
                    MetaItems.RefusePlaced(node.Content);
                    break;
                case "stco":
                    movie.tables.Add(TableOf(node, 4, 0));
                    break;
                case "co64":
                    movie.tables.Add(TableOf(node, 8, 0));
                    break;
                case "saio":
                    movie.tables.Add(AuxiliaryOf(node));
                    break;
            }
        }

        return movie;
    }

    /// <summary>Bytes with its head, when 32-bit chunk offsets become 64-bit ones, and when not.</summary>
    public long Length(bool isWide) => root.Length + (isWide ? tables.Where(table => table.Node.Type == "stco").Sum(table => 4L * table.Count) : 0);

    /// <summary>The movie with its offsets moved, and nothing where packets were. It can be written once.</summary>
    public byte[] Write(Func<long, long> move, bool isWide)
    {
        foreach (var table in tables)
        {
            var (width, type) = isWide && table.Node.Type == "stco" ? (8, "co64") : (table.Width, table.Node.Type);
            var content = new byte[table.First + (width * table.Count)];
            table.Node.Content.Span[..table.First].CopyTo(content);
            for (var i = 0; i < table.Count; i++)
            {
                var moved = move(table[i]);
                if (width == 8)
                    BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(table.First + (8 * i)), moved);
                else if (moved <= uint.MaxValue)
                    BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(table.First + (4 * i)), (uint)moved);
                else
                    throw new LayoutRefusedException("an offset of auxiliary information no longer fits");
            }

            table.Node.Replace(type, content);
        }

        foreach (var node in PacketNodes.ToList())
            node.Replace("free", new byte[node.Content.Length]);
        var bytes = new byte[checked((int)root.Length)];
        root.WriteTo(bytes);
        return bytes;
    }

    private static Table TableOf(BoxNode node, int width, int before)
    {
        var first = before + Entries;
        if (node.Content.Length < first)
            throw new LayoutRefusedException("a table of offsets has no head");
        var count = BinaryPrimitives.ReadUInt32BigEndian(node.Content.Span[(first - 4)..]);
        // Counted against the box's own bytes before anything is taken for it.
        return count * (long)width == node.Content.Length - first ? new Table(node, width, first, (int)count) : throw new LayoutRefusedException("a table of offsets has another length than it says");
    }

    /// <summary><c>saio</c>: with the first flag, eight bytes of type stand before the count; version 1 has 64-bit offsets.</summary>
    private static Table AuxiliaryOf(BoxNode node)
    {
        if (node.Content.Length < 4)
            throw new LayoutRefusedException("a table of offsets has no head");
        return TableOf(node, node.Content.Span[0] == 0 ? 4 : 8, (node.Content.Span[3] & 1) == 0 ? 0 : 8);
    }

    private static void RefuseOtherFiles(BoxNode node)
    {
        var content = node.Content.Span;
        for (var at = Entries; at < content.Length;)
        {
            var entry = Box.Read(content[at..], at, content.Length, mayBeOpen: false);
            // The lowest flag says that the data lie in this very file.
            if (entry.Length < entry.HeadLength + 4 || (content[(int)entry.Body + 3] & 1) == 0)
                throw new LayoutRefusedException("its data lie in another file");
            at = (int)entry.End;
        }
    }
}
