using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Consent.Tasks;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Pages;

internal sealed class ConsentPages(VaultDbContext db, ConsentReading reading, ConsentQuestion question, ConsentTasks tasks, EvidenceReading evidence, RecordingTitles titles, PageFrames frames)
{
    public static async Task<IResult> Show(Guid id, Guid? person, string? cursor, HttpContext http, ConsentPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, person, cursor, http, cancellationToken) is { } model ? PageAnswers.Page<ConsentPage>(model) : new NoSuchPage();

    /// <param name="person">Whose answers are shown; nobody's where he is not named in the recording.</param>
    /// <returns>Null where there is no such recording, or no such place in its list.</returns>
    public async Task<ConsentPageModel?> ModelAsync(Guid id, Guid? person, string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        if (!await reading.IsThereAsync(id, cancellationToken))
            return null;
        var people = (await reading.PeopleAsync(id, cancellationToken)).Select(Row).ToList();
        var chosen = people.Find(row => row.Id == person);
        var page = chosen is null ? new PageResponse<ConsentResponse>([], null) : await reading.PageAsync(id, chosen.Id, Cursors.DefaultLimit, cursor, cancellationToken);
        if (page is null)
            return null;
        return new ConsentPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Id = id,
            Title = (await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) ?? "",
            People = people,
            Tasks = [.. (await tasks.ListAsync(id, cancellationToken)).Select(task => new ConsentTaskLine(
                task.Id, people.Find(row => row.Id == task.Participant)?.Name ?? "", task.Purpose, task.OpenedAt, task.Outcome, task.Word, task.ClosedAt))],
            Stops = await StopsAsync(id, cancellationToken),
            MayGiveReason = http.User.RoleInTenant() is Role.Owner or Role.Admin,
            MayRecord = http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Contributor,
            Person = chosen,
            Name = chosen?.Name ?? "",
            Email = chosen?.Email ?? "",
            History = await LinesAsync(id, page.Items, cancellationToken),
            Earlier = page.NextCursor,
        };
    }

    /// <summary>What the policy does not let through, and what it lets through with a reason that was given.</summary>
    private async Task<IReadOnlyList<ConsentStop>> StopsAsync(Guid id, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == id, cancellationToken);
        var stops = new List<ConsentStop>();
        foreach (var (purpose, verdict) in await question.OfAllAsync(recording, cancellationToken))
        {
            if (verdict != ConsentVerdict.Allowed)
                stops.Add(new ConsentStop(purpose.Name(), ConsentWords.Name(verdict)));
        }

        return stops;
    }

    private static ConsentRow Row(PersonResponse person) => new(person.Id, person.Name, person.Email, [.. person.Consents.Select(pair => new ConsentCell(pair.Key, pair.Value))]) { Source = person.Source };

    private async Task<IReadOnlyList<ConsentLine>> LinesAsync(Guid id, IReadOnlyList<ConsentResponse> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
            return [];
        var files = (await evidence.OfRecordingAsync(id, cancellationToken)).SelectMany(file => file.Records.Select(record => (record, file))).ToLookup(pair => pair.record, pair => pair.file);
        return [.. records.Select(record => Line(record) with
        {
            Evidence = [.. files[record.Id].Select(file => new EvidenceFile(file.Id, file.Name, ConsentPageWords.EvidenceKind(file.MediaType), file.SizeInBytes, file.AddedAt) { KeptUntil = file.KeptUntil })],
        })];
    }

    private static ConsentLine Line(ConsentResponse record) => new(record.Purpose, record.Status, record.Method, record.At, record.RecordedAt)
    {
        Id = record.Id,
        SpokenAt = record.Seconds is { } seconds ? $"{SpokenAt.Text(seconds)}{(record.UntilSeconds is { } until ? $" to {SpokenAt.Text(until)}" : "")}" : null,
        LawfulBasis = record.LawfulBasis,
        Note = record.Note,
    };
}
