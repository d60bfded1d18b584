using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>The page on which spans are marked and a copy without them is asked for, and its two forms.</summary>
internal sealed class CutPages(RecordingReading recordings, CutReading reading, CutBeginning beginning, PageFrames frames, TimeProvider time)
{
    /// <summary>Nothing is said of a fresh upload until a job has taken it up; where none ever does, nobody waits for it.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(10);

    public static async Task<IResult> Show(Guid id, HttpContext http, CutPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<CutPage>(model) : new NoSuchPage();

    public static async Task<IResult> Mark(Guid id, HttpContext http, CutPages pages, CutBeginning beginning, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var (from, to, kinds) = (form.All("from"), form.All("to"), form.All("kind"));
        var fields = from.Zip(to, kinds).Select(row => new SpanField(row.First, row.Second, row.Third)).Where(row => row.From.Trim().Length > 0 || row.To.Trim().Length > 0).ToList();
        var refusal = fields.Find(row => CutTimes.Read(row.From) is null || CutTimes.Read(row.To) is null) is { } wrong
            ? Problem.Invalid("spans", $"say each time as minutes and seconds, such as 12:40 or 1:02:03.5; “{wrong.From}” to “{wrong.To}” is none.")
            : await beginning.MarkAsync(id, [.. fields.Select(row => new SpanRequest(CutTimes.Read(row.From), CutTimes.Read(row.To), row.Kind))], new MoveAsker(http), cancellationToken);
        return refusal is null ? TypedResults.LocalRedirect($"/recordings/{id}/cut") : PageAnswers.Page<CutPage>(model with { Spans = fields, SpanRefusal = refusal.Sentence }, refusal.Status);
    }

    public static async Task<IResult> Copy(Guid id, HttpContext http, CutPages pages, CutBeginning beginning, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var without = form.All("without").Select(text => Guid.TryParseExact(text, "D", out var person) ? person : Guid.Empty).ToList();
        var wanted = new WantedCut(string.IsNullOrWhiteSpace(form["title"]) ? null : form["title"], without, form["reason"], form["confirmed"].Length > 0, DateTimeOffset.TryParseExact(form["changedAt"], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var seen) ? seen : DateTimeOffset.MinValue);
        var (_, refusal) = await beginning.CopyAsync(id, wanted, new MoveAsker(http), cancellationToken);
        return refusal is null ? TypedResults.LocalRedirect($"/recordings/{id}/cut") : PageAnswers.Page<CutPage>(
            model with { Title = form["title"], Reason = form["reason"], People = [.. model.People.Select(person => person with { IsLeftOut = without.Contains(person.Id) })], CopyRefusal = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn }, refusal.Status);
    }

    /// <summary>Null where the tenant has no recording of this id.</summary>
    private async Task<CutPageModel?> ModelAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await recordings.FindAsync(id, cancellationToken) is not { } recording || await reading.FindAsync(id, cancellationToken) is not { } edits)
            return null;
        var refusal = await beginning.CheckAsync(id, new MoveAsker(http), cancellationToken);
        var played = refusal is null ? recording.Assets.FirstOrDefault(asset => asset.Id == recording.Plays) : null;
        return new CutPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Id = id,
            Name = recording.Title,
            Player = played is null ? null : new PlayerModel
            {
                Source = $"/api/v1/recordings/{id}/content?asset={played.Id}",
                Title = recording.Title,
                MediaType = played.MediaType,
                Duration = recording.DurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            },
            Spans = [.. edits.Spans.Select(span => new SpanField(CutTimes.Write(span.From), CutTimes.Write(span.To), span.Kind))],
            Left = edits.LeftSeconds is { } left ? TimeSpan.FromSeconds(left) : null,
            PlanFrom = edits.Spans.Count > 0 ? edits.ChangedAt?.ToString("O", CultureInfo.InvariantCulture) : null,
            People = [.. recording.Participants.Select(person => new CutPerson(person.Id, person.Name, false))],
            Copies = [.. edits.Copies.Select(Made)],
            SpanRefusal = refusal?.Sentence,
            IsMeasured = refusal == CuttingProblems.NoLength && IsBeingLookedAt(recording),
        };
    }

    private bool IsBeingLookedAt(RecordingResponse recording) =>
        recording.Processing is { State: "waiting" or "running" } || (recording.Processing is null && recording.UploadedAt > time.GetUtcNow() - s_fresh);

    private static CutMade Made(CutResponse cut) => new(
        cut.Into, cut.State, cut.Percent, cut.EndedAt ?? cut.CreatedAt, cut.WorkSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, cut.LeftOut, cut.Failure is { } why ? Because(why) : null);

    private static string Because(string failure) => failure switch
    {
        "in-trash" => "One of the two recordings was moved to the trash before the copy was there.",
        "restricted" => "The recording was marked restricted before the copy was there.",
        "moved" => "The film went into another recording before the copy was there.",
        "damaged" => "Part of what is stored of it is damaged.",
        "unread" => "The vault could not read what the recording’s own files say of their use.",
        "too-many-people" => "More people would be named in the copy than a recording may name.",
        "gone" => "One of the two recordings is not there any more.",
        "given-up" => "The vault’s machine failed at it several times. Ask once more; if it fails again, ask whoever runs this vault.",
        _ => "The film could not be read to its end, or would take more than a run may.",
    };
}

/// <summary>Times as people write them.</summary>
internal static class CutTimes
{
    /// <summary>Seconds of <c>1:02:03.25</c>, <c>2:03</c> or <c>95.5</c>; null where it is none of these.</summary>
    public static double? Read(string text)
    {
        var parts = text.Trim().Replace(',', '.').Split(':');
        if (parts.Length > 3)
            return null;
        var seconds = 0.0;
        foreach (var (place, part) in parts.Index())
        {
            if (!double.TryParse(part, place == parts.Length - 1 ? NumberStyles.AllowDecimalPoint : NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (place > 0 && number >= 60))
                return null;
            seconds = (seconds * 60) + number;
        }

        return seconds;
    }

    public static string Write(double seconds)
    {
        var time = TimeSpan.FromMilliseconds(Math.Round(seconds * 1_000));
        var whole = time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}") : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
        return time.Milliseconds == 0 ? whole : string.Create(CultureInfo.InvariantCulture, $"{whole}.{time.Milliseconds:000}").TrimEnd('0');
    }
}
