namespace RecordingVault.Marks.Bmff;

/// <summary>
/// A box in memory, taken apart only where something inside has to be looked at or changed; all else is kept as the bytes that it was.
/// Bounds: 16 levels, and as many boxes as the budget has left.
/// </summary>
internal sealed class BoxNode
{
    private const int MostLevels = 16;

    // What lies on the way to offset tables, data references and places of items. `meta` is told apart below.
    private static readonly HashSet<string> s_containers = new(StringComparer.Ordinal) { "moov", "trak", "mdia", "minf", "stbl", "dinf", "udta", "moof", "traf", "mfra" };

    private BoxNode(string type, ReadOnlyMemory<byte> content, IReadOnlyList<BoxNode> children, long at)
    {
        Type = type;
        Content = content;
        Children = children;
        At = at;
    }

    public string Type { get; private set; }

    /// <summary>Of a leaf: what follows the head.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    public IReadOnlyList<BoxNode> Children { get; }

    /// <summary>Where the content began, in the coordinates of whoever parsed.</summary>
    public long At { get; }

    public long Length => Box.ShortHead + (Children.Count > 0 ? Children.Sum(child => child.Length) : Content.Length);

    /// <summary>This box and all that were taken apart below it.</summary>
    public IEnumerable<BoxNode> All => Children.SelectMany(child => child.All).Prepend(this);

    /// <summary>Parses one box with its content.</summary>
    /// <param name="type">Of the box.</param>
    /// <param name="content">What follows its head.</param>
    /// <param name="at">Where the content begins.</param>
    /// <param name="budget">Boxes that may still be met.</param>
    /// <param name="level">Depth of this box.</param>
    public static BoxNode Parse(string type, ReadOnlyMemory<byte> content, long at, ref int budget, int level = 0)
    {
        if (level > MostLevels)
            throw new LayoutRefusedException("boxes are nested too deeply");
        if (!s_containers.Contains(type) || content.IsEmpty)
            return new BoxNode(type, content, [], at);
        var children = new List<BoxNode>();
        for (var inside = 0; inside < content.Length;)
        {
            // Old writers of `udta` end it with four zeros.
            if (type == "udta" && content.Length - inside == 4 && content.Span[inside..].IndexOfAnyExcept((byte)0) < 0)
                break;
            if (--budget < 0)
                throw new LayoutRefusedException("there are too many boxes");
            var box = Box.Read(content.Span[inside..], inside, content.Length, mayBeOpen: false);
            children.Add(Parse(box.Type, content[(int)box.Body..(int)box.End], at + box.Body, ref budget, level + 1));
            inside = (int)box.End;
        }

        return new BoxNode(type, content, children, at);
    }

    /// <summary>Makes another leaf of a leaf.</summary>
    public void Replace(string type, ReadOnlyMemory<byte> content)
    {
        Type = type;
        Content = content;
    }

    public void WriteTo(Span<byte> target)
    {
        Box.WriteHead(target, Type, Length);
        if (Children.Count == 0)
        {
            Content.Span.CopyTo(target[Box.ShortHead..]);
            return;
        }

        var at = Box.ShortHead;
        foreach (var child in Children)
        {
            child.WriteTo(target[at..]);
            at += (int)child.Length;
        }
    }
}
