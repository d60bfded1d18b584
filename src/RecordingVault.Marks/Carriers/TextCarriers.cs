using System.Text.Json;
using System.Text.Json.Serialization;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Carriers;

/// <summary>WebVTT: a <c>NOTE</c> block behind the header, which players skip and people and machines can read.</summary>
public static class VttCarrier
{
    private const string Head = "NOTE Usage: ", Word = "WEBVTT";

    /// <summary>The block, with the empty line that ends it.</summary>
    public static string Note(UsageTag tag) => $"{Head}{tag.Name}. {tag.Statement} ({WebMarks.ContentUsage(tag)})\n\n";

    /// <summary>Captions with the mark, behind the header block and in place of every older note of ours. What does not begin with the word WEBVTT comes back as null.</summary>
    public static string? Write(string captions, UsageTag tag)
    {
        if (Blocks(captions) is not [var header, .. var blocks] || !IsHeader(header))
            return null;
        header = string.Join('\n', header.Split('\n').Where(line => !IsNote(line)));
        return $"{header}\n\n{Note(tag)}{string.Join("\n\n", blocks.Where(block => !IsNote(block)))}";
    }

    /// <summary>The tags that notes of ours name.</summary>
    public static IReadOnlyList<FoundMark> Read(string captions) =>
        FoundMark.Bounded(Lines(captions).Split('\n').Where(IsNote).Select(line => line[Head.Length..].Split('.', 2)[0])
            .Select(name => new FoundMark("WebVTT NOTE", name, UsageTag.Parse(name)?.Rights ?? UsageRights.Nothing)));

    private static bool IsNote(string text) => text.StartsWith(Head, StringComparison.Ordinal);

    private static bool IsHeader(string block) => block == Word || (block.StartsWith(Word, StringComparison.Ordinal) && block[Word.Length] is ' ' or '\t' or '\n');

    private static string[] Blocks(string captions) => Lines(captions).Split("\n\n");

    // The format knows three ends of a line, and no other sign is one.
    private static string Lines(string captions) => captions.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}

/// <summary>The member <c>usage</c> of JSON that leaves: the tag, and what it says of each use in CAWG's words.</summary>
/// <param name="Tag">The slug.</param>
/// <param name="Statement">The tag as a sentence.</param>
/// <param name="Decisions">By CAWG's label: <c>allowed</c>, <c>notAllowed</c> or <c>constrained</c>. A use of which the tag says nothing has none.</param>
/// <param name="ContentUsage">As the header has it.</param>
public sealed record UsageMember(
    [property: JsonPropertyName("tag")] string Tag,
    [property: JsonPropertyName("statement")] string Statement,
    [property: JsonPropertyName("decisions")] IReadOnlyDictionary<string, string> Decisions,
    [property: JsonPropertyName("contentUsage")] string ContentUsage)
{
    private const string Carrier = "JSON usage";

    /// <summary>The tag that a member of ours names, at the top of a document. What is no JSON, or names a tag that nobody here knows, prohibits.</summary>
    public static IReadOnlyList<FoundMark> Read(string document)
    {
        try
        {
            using var json = JsonDocument.Parse(document.TrimStart('\uFEFF'));
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } top || !top.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object || !usage.TryGetProperty("tag", out var tag))
                return [];
            var name = tag.ValueKind == JsonValueKind.String ? tag.GetString()! : "";
            return FoundMark.Bounded([new FoundMark(Carrier, name, UsageTag.Parse(name)?.Rights ?? UsageRights.Nothing)]);
        }
        catch (JsonException)
        {
            return [FoundMark.Unreadable(Carrier)];
        }
    }

    /// <summary>
    /// The document with the member in front of all its others, and no other byte changed; as it is where it says the tag already. Null where it has no place for it: it is no object, or has a member
    /// of that name that is somebody else's.
    /// </summary>
    public static string? Write(string document, UsageTag tag)
    {
        try
        {
            using var json = JsonDocument.Parse(document.TrimStart('\uFEFF'));
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } top)
                return null;
            if (top.TryGetProperty("usage", out _))
                return Says(document, tag) ? document : null;
            var isEmpty = !top.EnumerateObject().MoveNext();
            return document.Insert(document.IndexOf('{', StringComparison.Ordinal) + 1, $"\"usage\":{JsonSerializer.Serialize(Of(tag))}{(isEmpty ? "" : ",")}");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a document carries this tag in a member of ours, and no other.</summary>
    public static bool Says(string document, UsageTag tag) => Read(document) is [{ Value: var name }] && name == tag.Name;

    public static UsageMember Of(UsageTag tag) =>
        new(tag.Name, tag.Statement, CawgEntries.Of(tag).ToDictionary(entry => entry.Label, entry => entry.Use, StringComparer.Ordinal), WebMarks.ContentUsage(tag));
}
