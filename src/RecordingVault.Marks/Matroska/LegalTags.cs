using System.Text;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Matroska;

/// <summary>What a <c>Tags</c> element says of use.</summary>
/// <param name="Values">PLUS values in it.</param>
/// <param name="IsOurs">Whether it says nothing but what we write.</param>
/// <param name="IsReadable">Whether all of it could be taken apart.</param>
internal sealed record LegalTags(IReadOnlyList<string> Values, bool IsOurs, bool IsReadable)
{
    private const string Terms = "TERMS_OF_USE", License = "LICENSE";

    public static readonly LegalTags Unreadable = new([], IsOurs: false, IsReadable: false);

    public static LegalTags Read(ReadOnlySpan<byte> body)
    {
        var values = new List<string>();
        var isOurs = true;
        if (Ebml.Children(body) is not { } tags)
            return Unreadable;
        foreach (var tag in tags.Where(tag => tag.Id is not (MatroskaIds.Void or MatroskaIds.Crc32)))
        {
            var content = body[(int)tag.Body..(int)tag.End];
            if (Ebml.Children(content) is not { } children)
                return Unreadable;
            foreach (var simple in children.Where(child => child.Id != MatroskaIds.Targets))
            {
                if (simple.Id != MatroskaIds.SimpleTag || NameAndValue(content[(int)simple.Body..(int)simple.End]) is not var (name, value))
                    return Unreadable;
                if (name is License or Terms && value.Contains(PlusDataMining.Vocabulary, StringComparison.Ordinal))
                    values.Add(value[value.IndexOf(PlusDataMining.Vocabulary, StringComparison.Ordinal)..].Split(' ')[0]);
                else
                    isOurs &= name == Terms && UsageTag.All.Any(own => own.Statement == value);
            }
        }

        return new LegalTags(values, isOurs && values.Count > 0, IsReadable: true);
    }

    public static byte[] Write(UsageTag tag) =>
        Ebml.Element(MatroskaIds.Tags, Ebml.Element(MatroskaIds.Tag, [.. Ebml.Element(MatroskaIds.Targets), .. Simple(Terms, tag.Statement), .. Simple(License, PlusDataMining.Value(tag))]));

    private static (string Name, string Value)? NameAndValue(ReadOnlySpan<byte> simple)
    {
        var (name, value) = ("", "");
        if (Ebml.Children(simple) is not { } children)
            return null;
        foreach (var child in children)
        {
            var text = Encoding.UTF8.GetString(simple[(int)child.Body..(int)child.End]).TrimEnd('\0');
            if (child.Id == MatroskaIds.TagName)
                name = text.ToUpperInvariant();
            else if (child.Id == MatroskaIds.TagString)
                value = text;
        }

        return (name, value);
    }

    private static byte[] Simple(string name, string value) =>
        Ebml.Element(MatroskaIds.SimpleTag, [.. Ebml.Element(MatroskaIds.TagName, Encoding.UTF8.GetBytes(name)), .. Ebml.Element(MatroskaIds.TagString, Encoding.UTF8.GetBytes(value))]);
}
