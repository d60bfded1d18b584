using System.Text.RegularExpressions;

namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>Files of no meeting program: each film is a recording, with the sound of the same name and the texts whose names begin with its own.</summary>
internal static partial class NamedAlike
{
    /// <summary>Takes what it plans out of the files.</summary>
    public static IReadOnlyList<PlannedRecordingResponse> Plan(List<PlannedFile> files, TimeZoneInfo zone)
    {
        var recordings = new List<PlannedRecordingResponse>();
        foreach (var folder in files.GroupBy(file => file.Folder, StringComparer.Ordinal).ToList())
        {
            var films = folder.Where(file => file.Look == FileLook.Video).ToList();
            var heads = films.Concat(folder.Where(file => file.Look == FileLook.Audio && films.TrueForAll(film => !Same(film.Stem, file.Stem)))).ToList();
            var texts = folder.Where(file => file.RoleByName is not null)
                .Select(text => (Text: text, Head: HeadOf(text, heads))).Where(entry => entry.Head is not null).ToLookup(entry => entry.Head!, entry => entry.Text);
            // A sound belongs to one film, also where the film lies there twice.
            var sounds = folder.Where(file => file.Look == FileLook.Audio && !heads.Contains(file)).ToLookup(sound => films.Find(film => Same(film.Stem, sound.Stem))!);
            foreach (var head in heads)
            {
                List<PlannedFileResponse> planned = [new(head.Path, head.Look == FileLook.Audio ? "audio" : "original")];
                planned.AddRange(sounds[head].Select(sound => new PlannedFileResponse(sound.Path, "audio")));
                planned.AddRange(texts[head].Select(text => new PlannedFileResponse(text.Path, text.RoleByName!)));
                files.RemoveAll(file => planned.Exists(entry => entry.Path == file.Path));
                recordings.Add(new PlannedRecordingResponse(TitleOf(head.Stem), TimeIn(head.Stem, zone), null, planned));
            }
        }

        return recordings;
    }

    /// <summary>The longest name wins: `call 1.chat.txt` is of `call 1` and not of `call`. Where one film is all there is, a chat beside it is its own.</summary>
    private static PlannedFile? HeadOf(PlannedFile text, List<PlannedFile> heads)
    {
        var alike = heads.Where(head => text.Stem.StartsWith(head.Stem, StringComparison.OrdinalIgnoreCase)).MaxBy(head => head.Stem.Length);
        return alike ?? (heads.Count == 1 && text.Folder.Length > 0 ? heads[0] : null);
    }

    private static string TitleOf(string stem) => Spaces().Replace(stem, " ").Trim() is { Length: > 0 } title ? title : stem;

    /// <summary>OBS and Jitsi write the moment into the name.</summary>
    private static DateTimeOffset? TimeIn(string stem, TimeZoneInfo zone) =>
        Moment().Match(stem) is { Success: true } found ? WallClock.Read(string.Concat(found.Value.Where(char.IsAsciiDigit)), zone) : null;

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"[_\s]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}[ _T-][0-9]{2}[-.][0-9]{2}[-.][0-9]{2}(?![0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Moment();
}
