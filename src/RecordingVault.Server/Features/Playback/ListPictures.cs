using System.Buffers.Text;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// Which pictures one list page shows, as their addresses say it: the ids one after the other, 16 bytes each. All of them are one release, which the first that is
/// fetched opens. It needs no proof: it says only what the asker may be asked for together, and each recording is decided on by itself.
/// </summary>
internal static class ListPictures
{
    private const int IdLength = 16;

    /// <summary>As many as a page has tiles, and some.</summary>
    private const int Most = 50;

    public static string Write(IReadOnlyCollection<Guid> ids)
    {
        var bytes = new byte[ids.Count * IdLength];
        foreach (var (place, id) in ids.Index())
            id.TryWriteBytes(bytes.AsSpan(place * IdLength), bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The ids, or nothing where the text is no such list.</summary>
    public static IReadOnlyList<Guid> Read(string? text)
    {
        if (text is null || text.Length > Base64Url.GetEncodedLength(Most * IdLength) || !Base64Url.IsValid(text))
            return [];
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length % IdLength != 0 || bytes.Length > Most * IdLength ? [] : [.. bytes.Chunk(IdLength).Select(part => new Guid(part, bigEndian: true)).Distinct()];
    }
}
