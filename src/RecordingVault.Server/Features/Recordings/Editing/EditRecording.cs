using System.Globalization;
using RecordingVault.Server.Features.Recordings.Labels;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Editing;

/// <summary>GET and POST /recordings/{id}/edit: title, date and people on one page, which keeps what was written when something of it is wrong.</summary>
internal static class EditRecording
{
    private const string Minutes = "yyyy-MM-dd'T'HH:mm";

    public static async Task<IResult> Show(Guid id, HttpContext http, RecordingReading reading, PageFrames frames, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } recording
            ? PageAnswers.Page<EditPage>(await ModelAsync(recording, http, frames, cancellationToken))
            : new NoSuchPage();

    public static async Task<IResult> Change(
        Guid id, HttpContext http, RecordingReading reading, RecordingChange change, PageFrames frames, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await reading.FindAsync(id, cancellationToken) is not { } recording)
            return new NoSuchPage();
        var model = await ModelAsync(recording, http, frames, cancellationToken) with { Title = form["title"], RecordedAt = form["recordedAt"], People = form["people"] };
        var wrongTitle = NewRecording.CheckTitle(form["title"]);
        var isTime = TryTime(form["recordedAt"], form["zone"], out var recordedAt) && NewRecording.CheckRecordedAt(recordedAt) is null;
        var wrongPeople = PeopleLines.TryRead(form["people"], out var people);
        if (wrongTitle is not null || !isTime || wrongPeople is not null)
        {
            return PageAnswers.Page<EditPage>(
                model with
                {
                    TitleError = wrongTitle is null ? null : "Give a title of 1 to 300 characters, in one line.",
                    TimeError = isTime ? null : "Choose a day and a time, such as 24 November 2026, 09:30.",
                    PeopleError = wrongPeople is null ? null : "Give each line a name of at most 200 characters, and where you like an address after it: Ben Ito <ben@example.com>. At most 500 lines.",
                },
                StatusCodes.Status400BadRequest);
        }

        // The field knows minutes: where they are as they were, the seconds stay too.
        var isSameTime = recordedAt is null || recordedAt == Minute(recording.RecordedAt ?? recording.CreatedAt);
        // What the person left alone is not written: others may have changed it meanwhile, and people keep their ids.
        var wanted = new ChangeRecordingRequest(
            form["title"] == recording.Title ? null : form["title"],
            isSameTime ? null : recordedAt,
            form["people"].ReplaceLineEndings("\n").Trim() == PeopleLines.Write(recording.Participants).ReplaceLineEndings("\n").Trim() ? null : people);
        if (wanted is { Title: null, RecordedAt: null, Participants: null })
            return TypedResults.LocalRedirect($"/recordings/{id}");
        var (changed, refusal) = await change.ApplyAsync(id, wanted, http.Actor(), cancellationToken);
        return changed is null
            ? PageAnswers.Page<EditPage>(model with { Refusal = refusal!.Sentence }, refusal.Status)
            : TypedResults.LocalRedirect($"/recordings/{id}");
    }

    public static async Task<EditPageModel> ModelAsync(RecordingResponse recording, HttpContext http, PageFrames frames, CancellationToken cancellationToken)
    {
        var frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken);
        return new EditPageModel
        {
            Frame = frame,
            Id = recording.Id,
            Name = recording.Title,
            Title = recording.Title,
            RecordedAt = (recording.RecordedAt ?? recording.CreatedAt).UtcDateTime.ToString(Minutes, CultureInfo.InvariantCulture),
            People = PeopleLines.Write(recording.Participants),
            Files = [.. recording.Assets.Where(asset => asset.DerivedFrom is null).Select(asset => new EditedFile(asset.Role, asset.SizeInBytes))],
            Label = new LabelPartModel
            {
                RecordingId = recording.Id,
                Current = recording.Label,
                Chosen = recording.Label,
                TenantName = frame.TenantName ?? "",
                MayLoosen = RecordingLabelling.MayLoosen(http.User.RoleInTenant()),
            },
        };
    }

    /// <param name="zone">The browser's, which its script sends; without it the field is in UTC, as it was written.</param>
    private static bool TryTime(string text, string zone, out DateTimeOffset? time)
    {
        time = null;
        if (!ZonedDays.TryZone(zone, out var clocks) || !DateTime.TryParseExact(text, [Minutes, "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
            return false;
        // A year that no recording has is refused before zones reckon with it.
        if (wall.Year is < 1970 or > 9000)
            return false;
        time = ZonedDays.At(wall, clocks);
        return true;
    }

    private static DateTimeOffset Minute(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
