using System.Globalization;
using System.Text.RegularExpressions;

namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>
/// What BigBlueButton publishes: a folder of an id whose end is the meeting's begin, in one format or in several side by side. The format `video` is one film;
/// where it is missing the film of the cameras, the shared screen and the sound are what there is.
/// </summary>
internal static partial class BigBlueButtonFolders
{
    public static IEnumerable<MeetingSet> Find(IReadOnlyList<PlannedFile> files, TimeZoneInfo zone)
    {
        foreach (var id in files.Select(IdOf).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal))
        {
            var began = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id[41..], CultureInfo.InvariantCulture));
            var mine = files.Where(file => IdOf(file) == id).ToList();
            var title = string.Create(CultureInfo.InvariantCulture, $"BigBlueButton meeting, {TimeZoneInfo.ConvertTime(began, zone):d MMMM yyyy HH:mm}");
            yield return new MeetingSet("bigbluebutton", title, began, file => IdOf(file) == id, file => RoleOf(file, mine));
        }
    }

    private static (string Role, int Order)? RoleOf(PlannedFile file, List<PlannedFile> all)
    {
        if (file.IsMedia && IsSecondFormat(file, all))
            return null;
        return file.Stem.ToUpperInvariant() switch
        {
            var stem when stem.StartsWith("VIDEO-", StringComparison.Ordinal) => ("original", 0),
            "WEBCAMS" => ("original", 1),
            "DESKSHARE" => ("original", 2),
            var stem when stem.StartsWith("SCREENSHARE", StringComparison.Ordinal) => ("original", 2),
            // A sound in WebM looks like a film.
            "AUDIO" when file.IsMedia => ("audio", 3),
            _ when file.Look == FileLook.Video => ("original", 4),
            _ when file.Look == FileLook.Audio => ("audio", 4),
            _ when file.Look == FileLook.Captions => ("captions", 5),
            // The rest is for BigBlueButton's own player.
            _ => null,
        };
    }

    /// <summary>The same film lies there for browsers of both kinds: the one that more of them play is taken.</summary>
    private static bool IsSecondFormat(PlannedFile file, List<PlannedFile> all) =>
        all.Exists(other => other.IsMedia && other.Folder == file.Folder && other.Stem == file.Stem && Preference(other) < Preference(file));

    private static int Preference(PlannedFile file) => Path.GetExtension(file.Name).ToUpperInvariant() switch { ".MP4" or ".M4V" => 0, ".WEBM" => 1, _ => 2 };

    private static string IdOf(PlannedFile file) => file.Folder.Split('/').FirstOrDefault(part => RecordId().IsMatch(part)) ?? "";

    [GeneratedRegex(@"\A[0-9a-f]{40}-[0-9]{13}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex RecordId();
}
