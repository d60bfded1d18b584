using System.Text.RegularExpressions;

namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>
/// What Zoom leaves: on a computer a folder `2026-11-20 09.00.12 Weekly sync` with video, sound, chat and files of its own; from its cloud files that begin alike,
/// `GMT20261120-090012_Recording…`. Parts that it never finished (`.tmp`, `.zoom`) are refused before.
/// </summary>
internal static partial class ZoomFolders
{
    public static IEnumerable<MeetingSet> Find(IReadOnlyList<PlannedFile> files, TimeZoneInfo zone)
    {
        foreach (var cloud in files.GroupBy(file => (file.Folder, Start: CloudName().Match(file.Name).Groups["start"].Value)).Where(group => group.Key.Start.Length > 0))
        {
            var (folder, start) = cloud.Key;
            yield return new MeetingSet(
                "zoom", LastOf(folder) is { Length: > 0 } title ? title : "Zoom meeting", WallClock.Read(start.Replace("-", "", StringComparison.Ordinal), TimeZoneInfo.Utc),
                file => file.Folder == folder && file.Name.StartsWith($"GMT{start}_", StringComparison.Ordinal), LocalRole);
        }

        foreach (var local in files.Where(IsZooms).Select(HomeOf).Distinct(StringComparer.Ordinal))
        {
            var named = LocalFolder().Match(LastOf(local));
            var topic = named.Groups["topic"].Value;
            yield return new MeetingSet(
                "zoom", topic.Length > 0 ? topic : "Zoom meeting", named.Success ? WallClock.Read(string.Concat(named.Groups["time"].Value.Where(char.IsAsciiDigit)), zone) : null,
                file => HomeOf(file) == local && (named.Success || IsZooms(file) || file.RoleByName is not null), LocalRole);
        }
    }

    /// <summary>Sounds of single people stand in a folder below.</summary>
    private static string HomeOf(PlannedFile file) => LastOf(file.Folder) == "Audio Record" ? ParentOf(file.Folder) : file.Folder;

    private static bool IsZooms(PlannedFile file) => LocalName().IsMatch(file.Name) || (file.IsMedia && LocalFolder().IsMatch(LastOf(HomeOf(file))));

    private static (string Role, int Order)? LocalRole(PlannedFile file) => file.Look switch
    {
        FileLook.Video => ("original", 0),
        FileLook.Audio => ("audio", LastOf(file.Folder) == "Audio Record" || PersonsSound().IsMatch(file.Name) ? 2 : 1),
        _ => file.RoleByName is { } role ? (role, 3) : null,
    };

    private static string LastOf(string folder) => folder[(folder.LastIndexOf('/') + 1)..];

    private static string ParentOf(string folder) => folder.LastIndexOf('/') is var slash and >= 0 ? folder[..slash] : "";

    [GeneratedRegex(@"\AGMT(?<start>[0-9]{8}-[0-9]{6})_", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex CloudName();

    [GeneratedRegex(@"\A(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}\.[0-9]{2}\.[0-9]{2})( (?<topic>.+?)( [0-9]{9,11})?)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex LocalFolder();

    [GeneratedRegex(@"\A((video|audio)[0-9]+|zoom_[0-9]+|audio_only(_[0-9]+)?)\.(mp4|m4a)\z|\A(zoomver\.tag|double_click_to_convert_[0-9]+\.zoom)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex LocalName();

    [GeneratedRegex(@"\Aaudio[^0-9_].*[0-9]\.m4a\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex PersonsSound();
}
