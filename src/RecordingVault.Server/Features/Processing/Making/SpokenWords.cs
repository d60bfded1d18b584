using System.Text;
using RecordingVault.Server.Features.Recordings.Search;

namespace RecordingVault.Server.Features.Processing.Making;

/// <summary>
/// The words of captions, transcripts and chats, each once, folded as search folds them, without times and marks. The text is only cut into words here: nothing of it is
/// interpreted, and what is too long is left out at its end.
/// </summary>
internal static class SpokenWords
{
    public const string MediaType = "text/plain";

    /// <summary>A day of talking has fewer different words; the object of a recording stays small whatever its files hold.</summary>
    public const int MostCharacters = 128 * 1024;

    /// <summary>How much of one file is read.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private const int LongestWord = 64;

    public static string Of(string text)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        var room = MostCharacters;
        foreach (var line in text.Split('\n'))
        {
            // Times of cues, and the head of the file, were said by nobody.
            if (line.Contains("-->", StringComparison.Ordinal) || line.StartsWith("WEBVTT", StringComparison.Ordinal))
                continue;
            foreach (var word in Split(SearchWords.Fold(line)))
            {
                if (room < word.Length + 1)
                    return string.Join(' ', words);
                if (words.Add(word))
                    room -= word.Length + 1;
            }
        }

        return string.Join(' ', words);
    }

    private static IEnumerable<string> Split(string folded)
    {
        var word = new StringBuilder();
        foreach (var letter in folded)
        {
            if (char.IsLetterOrDigit(letter) || char.IsSurrogate(letter))
            {
                if (word.Length < LongestWord)
                    word.Append(letter);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return word.ToString();
    }
}
