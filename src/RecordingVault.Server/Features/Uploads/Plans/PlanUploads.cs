using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Plans;

/// <summary>Files that somebody is about to upload, as his folder names them.</summary>
/// <param name="TimeZone">Where he is, as an IANA name: meeting programs write the wall clock's time into names.</param>
/// <param name="ToJoin">The files go into a recording that is there: captions, a transcript or a chat need no film beside them.</param>
internal sealed record PlanRequest(IReadOnlyList<PlanFileRequest?>? Files, string? TimeZone, bool ToJoin = false);

/// <param name="Path">Below what he chose, parts joined by slashes.</param>
internal sealed record PlanFileRequest(string? Path, long SizeInBytes, DateTimeOffset? LastModified);

internal sealed record PlanResponse(IReadOnlyList<PlannedRecordingResponse> Recordings, IReadOnlyList<LeftOutResponse> LeftOut);

/// <param name="Files">The first one is uploaded first; its creation makes the recording.</param>
/// <param name="Source">zoom or bigbluebutton; null for anything else.</param>
internal sealed record PlannedRecordingResponse(string Title, DateTimeOffset? RecordedAt, string? Source, IReadOnlyList<PlannedFileResponse> Files);

/// <param name="Role">original, audio, captions, transcript or chat.</param>
internal sealed record PlannedFileResponse(string Path, string Role);

/// <param name="Reason">temporary, not-converted, no-recording, empty or too-long.</param>
internal sealed record LeftOutResponse(string Path, string Reason, string Says);

/// <summary>
/// POST /uploads/plan: which of some files make one recording together, what each is in it, and what is no recording. Looks at names alone and keeps none of
/// them; what a file is, its own bytes decide when they come. The page and the command line ask the same.
/// </summary>
internal static class PlanUploads
{
    private const int MostFiles = 4_096;
    private const int LongestPath = 1_024;

    public static Results<Ok<PlanResponse>, ProblemHttpResult> Handle(PlanRequest request, IOptions<VaultOptions> options)
    {
        if (Check(request, out var zone) is { } wrong)
            return wrong.ToResult();
        var files = request.Files!.Select(file => new PlannedFile(file!.Path!, file.SizeInBytes)).ToList();
        return TypedResults.Ok(new UploadPlanner(options.Value.Uploads.MaxLength, zone).Plan(files, request.ToJoin));
    }

    private static Problem? Check(PlanRequest request, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        if (request.TimeZone is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
            return Problem.Invalid("timeZone", "it is the name of a time zone, such as Europe/Berlin.");
        if (request.Files is not { Count: > 0 and <= MostFiles } files)
            return Problem.Invalid("files", $"name 1 to {MostFiles} files.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] is not { Path: { } path, SizeInBytes: >= 0 })
                return Problem.Invalid($"files[{i}]", "each file has a path and a size in bytes.");
            if (!IsPath(path))
                return Problem.Invalid($"files[{i}].path", $"a path has names joined by slashes, without backslashes, control characters or others that nobody sees, and at most {LongestPath} characters.");
            if (!seen.Add(path))
                return Problem.Invalid($"files[{i}].path", "each path is named once.");
        }

        return null;
    }

    private static bool IsPath(string path) =>
        path.Length is > 0 and <= LongestPath && IsPlain(path) && path.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));

    /// <summary>Paths are shown again, beside others: what turns the order of letters around, or is not seen at all, could pass one name off as another.</summary>
    private static bool IsPlain(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            // Of a whole pair the category is that of its character; Surrogate is what stands alone.
            if (path[i] == '\\' || CharUnicodeInfo.GetUnicodeCategory(path, i) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)
                return false;
            if (char.IsHighSurrogate(path[i]))
                i++;
        }

        return true;
    }
}
