namespace RecordingVault.Server.Tests.Architecture;

/// <summary>
/// As much of YAML as a compose file of ours uses: mappings and lists by indentation, lists in brackets, quoted words, blocks of text, anchors and merges.
/// Anything else, and a key that comes twice, is an error. A mapping is a dictionary, a list a list, all else a string.
/// </summary>
internal sealed class YamlText
{
    private readonly List<(int Indent, string Text)> lines;
    private readonly Dictionary<string, object> anchors = new(StringComparer.Ordinal);
    private int at;

    private YamlText(string text) => lines =
    [
        .. text.Split('\n').Where(line => line.Trim() is { Length: > 0 } words && words[0] != '#').Select(line => line.Contains('\t', StringComparison.Ordinal)
            ? throw new FormatException($"A tab: {line}")
            : (line.Length - line.TrimStart().Length, WithoutComment(line.Trim()))),
    ];

    public static Dictionary<string, object> Read(string text)
    {
        var yaml = new YamlText(text);
        var read = (Dictionary<string, object>)yaml.Block();
        return yaml.at == yaml.lines.Count ? read : throw new FormatException($"Not where it belongs: {yaml.lines[yaml.at].Text}");
    }

    private object Block() => lines[at].Text.StartsWith("- ", StringComparison.Ordinal) ? Items(lines[at].Indent) : Mapping(lines[at].Indent);

    private List<object> Items(int indent)
    {
        var items = new List<object>();
        while (at < lines.Count && lines[at].Indent == indent && lines[at].Text.StartsWith("- ", StringComparison.Ordinal))
        {
            var text = lines[at].Text[2..].Trim();
            if (KeyOf(text) is null)
            {
                at++;
                items.Add(Value(text));
                continue;
            }

            // A mapping that begins behind its dash goes on below its first key.
            lines[at] = (indent + 2, text);
            items.Add(Mapping(indent + 2));
        }

        return items;
    }

    private Dictionary<string, object> Mapping(int indent)
    {
        var mapping = new Dictionary<string, object>(StringComparer.Ordinal);
        var merged = new List<Dictionary<string, object>>();
        while (at < lines.Count && lines[at].Indent == indent)
        {
            var key = KeyOf(lines[at].Text) ?? throw new FormatException($"No key: {lines[at].Text}");
            var rest = lines[at].Text[(key.Length + 1)..].Trim();
            at++;
            if (key == "<<")
                merged.Add((Dictionary<string, object>)anchors[rest.TrimStart('*')]);
            else if (!mapping.TryAdd(key, ValueOf(rest, indent)))
                throw new FormatException($"Twice: {key}");
        }

        foreach (var (key, value) in merged.SelectMany(each => each))
            mapping.TryAdd(key, value);
        return mapping;
    }

    private object ValueOf(string rest, int indent)
    {
        var anchor = rest.StartsWith('&') ? rest[1..].Split(' ')[0] : null;
        if (anchor is not null)
            rest = rest[(anchor.Length + 1)..].Trim();
        object value = rest switch
        {
            "|" => Literal(indent),
            "" => at < lines.Count && lines[at].Indent > indent ? Block() : "",
            _ => Value(rest),
        };
        if (anchor is not null)
            anchors.Add(anchor, value);
        return value;
    }

    private string Literal(int indent)
    {
        var text = new List<string>();
        for (; at < lines.Count && lines[at].Indent > indent; at++)
            text.Add(lines[at].Text);
        return string.Join('\n', text);
    }

    private object Value(string text) => text switch
    {
        ['*', .. var name] => anchors[name],
        ['[', .. var inner, ']'] => Flow(inner),
        ['"', .. var quoted, '"'] => quoted,
        ['\'', .. var quoted, '\''] => quoted,
        ['{' or '[' or '"' or '\'' or '&' or '!' or '>', ..] => throw new FormatException($"Not read by us: {text}"),
        _ => text,
    };

    private List<object> Flow(string inner)
    {
        var (items, from, quote) = (new List<object>(), 0, '\0');
        for (var i = 0; i <= inner.Length; i++)
        {
            if (i < inner.Length && (inner[i] == quote || (quote == '\0' && inner[i] is '"' or '\'')))
                quote = quote == '\0' ? inner[i] : '\0';
            if (i < inner.Length && (inner[i] != ',' || quote != '\0'))
                continue;
            if (inner[from..i].Trim() is { Length: > 0 } item)
                items.Add(Value(item));
            from = i + 1;
        }

        return items;
    }

    private static string? KeyOf(string text)
    {
        if (text[0] is '"' or '\'' or '[' or '*')
            return null;
        var end = text.EndsWith(':') && !text.Contains(": ", StringComparison.Ordinal) ? text.Length - 1 : text.IndexOf(": ", StringComparison.Ordinal);
        return end > 0 ? text[..end] : null;
    }

    private static string WithoutComment(string text) => text.IndexOf(" # ", StringComparison.Ordinal) is > 0 and var comment ? text[..comment].TrimEnd() : text;
}
