using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>Makes recordings of files: a meeting program's folder is one, and beside that each film or sound with what is called like it.</summary>
internal sealed class UploadPlanner(long maxLength, TimeZoneInfo zone)
{
    /// <param name="toJoin">The files go into a recording that is there, so what is no film needs none beside it.</param>
    public PlanResponse Plan(IReadOnlyList<PlannedFile> files, bool toJoin = false)
    {
        var leftOut = new List<LeftOutResponse>();
        var taken = new List<PlannedFile>();
        foreach (var file in files)
        {
            if (Refuse(file) is { } refused)
                leftOut.Add(refused);
            else
                taken.Add(file);
        }

        // What a meeting program left is told by names beside the films, so all files say what a folder is.
        var sets = new List<MeetingSet>();
        sets.AddRange(BigBlueButtonFolders.Find(files, zone));
        sets.AddRange(ZoomFolders.Find(files, zone));
        var recordings = new List<PlannedRecordingResponse>();
        foreach (var set in sets)
        {
            if (set.Plan(taken, leftOut) is { } recording)
                recordings.Add(recording);
        }

        recordings.AddRange(NamedAlike.Plan(taken, zone));
        if (toJoin)
        {
            var alone = taken.Where(file => file.RoleByName is not null).ToList();
            recordings.AddRange(alone.Select(file => new PlannedRecordingResponse(file.Stem, null, null, [new PlannedFileResponse(file.Path, file.RoleByName!)])));
            taken.RemoveAll(alone.Contains);
        }

        leftOut.AddRange(taken.Select(file => new LeftOutResponse(file.Path, "no-recording", Says(file))));
        return new PlanResponse([.. recordings.OrderBy(recording => recording.Files[0].Path, StringComparer.Ordinal)], [.. leftOut.OrderBy(left => left.Path, StringComparer.Ordinal)]);
    }

    private LeftOutResponse? Refuse(PlannedFile file)
    {
        var ending = Path.GetExtension(file.Name).ToUpperInvariant();
        return ending is ".TMP" or ".PART" or ".CRDOWNLOAD" or ".PARTIAL" or ".ICLOUD"
            ? new(file.Path, "temporary", "A program is still writing this file, or left it half written. Wait for the finished one.")
            : ending == ".ZOOM"
                ? new(file.Path, "not-converted", "Zoom has not converted this recording yet. Open it in Zoom on the computer that recorded it, let it finish, and choose the folder again.")
                : file.Name.StartsWith('.')
                    ? new(file.Path, "no-recording", "A hidden file of the system.")
                    : !file.IsMedia && file.RoleByName is null && file.Look == FileLook.Other
                        ? null
                        : file.SizeInBytes == 0
                            ? new(file.Path, "empty", "This file is empty.")
                            : file.SizeInBytes > maxLength
                                ? new(file.Path, "too-long", $"This file is longer than {Amount.Bytes(maxLength)}, the most that this vault takes.")
                                : null;
    }

    public static string Says(PlannedFile file) => file.Look switch
    {
        FileLook.Captions => "These captions belong to no film beside them. Give them its name, or add them to the recording later.",
        FileLook.Text => "Text that does not say whether it is a chat or a transcript, or belongs to no film beside it.",
        FileLook.Video or FileLook.Audio => "The same film in another format is taken already.",
        _ => "No video, sound, captions or chat.",
    };
}

/// <summary>A folder of a meeting program.</summary>
/// <param name="Contains">Whether a file stands in it.</param>
/// <param name="Role">What a file is in it, and its place in the order; null for what is left out.</param>
internal sealed record MeetingSet(string Source, string Title, DateTimeOffset? RecordedAt, Func<PlannedFile, bool> Contains, Func<PlannedFile, (string Role, int Order)?> Role)
{
    /// <summary>Takes its files out of those that are still to be planned; null when no film or sound is among them.</summary>
    public PlannedRecordingResponse? Plan(List<PlannedFile> files, List<LeftOutResponse> leftOut)
    {
        var all = files.Where(Contains).Select(file => (File: file, Is: Role(file))).ToList();
        var mine = all.Where(entry => entry.Is is not null).OrderBy(entry => entry.Is!.Value.Order).ThenBy(entry => entry.File.Path, StringComparer.Ordinal).ToList();
        if (!mine.Exists(entry => entry.File.IsMedia))
            return null;
        files.RemoveAll(file => all.Exists(entry => entry.File == file));
        leftOut.AddRange(all.Where(entry => entry.Is is null).Select(entry => new LeftOutResponse(entry.File.Path, "no-recording", UploadPlanner.Says(entry.File))));
        return new PlannedRecordingResponse(Title, RecordedAt, Source, [.. mine.Select(entry => new PlannedFileResponse(entry.File.Path, entry.Is!.Value.Role))]);
    }
}
