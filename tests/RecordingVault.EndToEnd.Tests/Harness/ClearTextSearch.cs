using System.Text;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>
/// Looks for words in every file of a folder, in the forms in which programs write them down: as UTF-8 and UTF-16, in hexadecimal, in base64 at any
/// offset, escaped as in URLs. Finding nothing says something only where the same words, planted in clear, are found: each test brings that control.
/// </summary>
internal static class ClearTextSearch
{
    private const int BlockLength = 1 << 20;

    /// <summary>Returns `path: word` for each file that shows a word, in its contents or in its own name.</summary>
    public static Task<IReadOnlyList<string>> FindAsync(string folder, IReadOnlyList<string> words, CancellationToken ct) =>
        FindAsync(folder, words, [.. words.SelectMany(word => Forms(word).Select(form => (Word: word, Bytes: form)))], ct);

    /// <summary>The same for bytes that are no words, each with a name: as they are, and in hexadecimal and base64.</summary>
    public static Task<IReadOnlyList<string>> FindBytesAsync(string folder, IReadOnlyDictionary<string, byte[]> pieces, CancellationToken ct) =>
        FindAsync(folder, [], [.. pieces.SelectMany(piece => Forms(piece.Value).Select(form => (Word: piece.Key, Bytes: form)))], ct);

    private static async Task<IReadOnlyList<string>> FindAsync(string folder, IReadOnlyList<string> words, List<(string Word, byte[] Bytes)> forms, CancellationToken ct)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None }))
        {
            foreach (var word in words.Where(word => path.Contains(word, StringComparison.OrdinalIgnoreCase)))
                found.Add($"{path}: {word}");
            foreach (var word in await WordsInAsync(path, forms, ct))
                found.Add($"{path}: {word}");
        }

        return [.. found];
    }

    public static IReadOnlyList<string> Find(string text, IReadOnlyList<string> words)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. words.Where(word => Forms(word).Any(form => bytes.AsSpan().IndexOf(form) >= 0))];
    }

    private static async Task<IReadOnlySet<string>> WordsInAsync(string path, List<(string Word, byte[] Bytes)> forms, CancellationToken ct)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var overlap = forms.Max(form => form.Bytes.Length) - 1;
        var block = new byte[overlap + BlockLength];
        var kept = 0;
        await using var file = Open(path);
        while (await file.ReadAtLeastAsync(block.AsMemory(kept), BlockLength, throwOnEndOfStream: false, ct) is > 0 and var read)
        {
            var length = kept + read;
            found.UnionWith(forms.Where(form => block.AsSpan(0, length).IndexOf(form.Bytes) >= 0).Select(form => form.Word));
            kept = Math.Min(overlap, length);
            block.AsSpan(length - kept, kept).CopyTo(block);
        }

        return found;
    }

    /// <summary>Of a server that runs, something may be a socket, which holds nothing, or be gone by now.</summary>
    private static Stream Open(string path)
    {
        const int noSuchDevice = 6;
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException nothing) when (nothing is FileNotFoundException or DirectoryNotFoundException || nothing.HResult == noSuchDevice)
        {
            return Stream.Null;
        }
    }

    private static IEnumerable<byte[]> Forms(string word)
    {
        yield return Encoding.Unicode.GetBytes(word);
        yield return Encoding.BigEndianUnicode.GetBytes(word);
        yield return Encoding.ASCII.GetBytes(Uri.EscapeDataString(word));
        foreach (var form in Forms(Encoding.UTF8.GetBytes(word)))
            yield return form;
    }

    private static IEnumerable<byte[]> Forms(byte[] clear)
    {
        yield return clear;
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(clear));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(clear));
        // Base64 differs by the word's place in its three-byte group; what the neighbours touch is cut off.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. clear]);
            var start = before == 0 ? 0 : before + 1;
            var whole = (before + clear.Length) / 3 * 4;
            yield return Encoding.ASCII.GetBytes(text[start..whole]);
            yield return Encoding.ASCII.GetBytes(text[start..whole].Replace('+', '-').Replace('/', '_'));
        }
    }
}
