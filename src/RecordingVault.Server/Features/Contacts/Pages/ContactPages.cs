using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Contacts.Pages;

internal sealed class ContactPages(ContactReading reading, ContactSearch search, LookAlikes alike, ContactChange change, PageFrames frames)
{
    private readonly ContactSearch search = search;
    private readonly ContactChange change = change;

    public const string Path = "/people";

    /// <summary>A choice that somebody can still look through.</summary>
    private const int MostToMerge = 200;

    public static string PathOf(Guid id) => $"{Path}/{id}";

    public static async Task<IResult> Show(string? cursor, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        await pages.ListAsync(cursor, http, cancellationToken) is { } model ? PageAnswers.Page<ContactsPage>(model) : new NoSuchPage();

    /// <summary>POST /people/search: the words go in the body and stand in no address (P11).</summary>
    public static async Task<IResult> Search(HttpContext http, ContactPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (string.IsNullOrWhiteSpace(form["words"]))
            return TypedResults.LocalRedirect(Path);
        if (SearchWords.TryParse(form["words"], out var words) is { } wrong)
            return wrong.ToResult();
        if (await pages.search.FindAsync(words, Cursors.DefaultLimit, form["before"], cancellationToken) is not { } found)
            return Problem.Invalid("before", "the place in the list is not known any more. Search again from the start.").ToResult();
        return PageAnswers.Page<ContactsPage>(new ContactsPageModel
        {
            Frame = await pages.FrameAsync(http, cancellationToken),
            Contacts = [.. found.Items.Select(Line)],
            Words = form["words"].Trim(),
            EarlierCursor = found.NextCursor,
            SearchedBackTo = found.SearchedBackTo,
            IsNewest = form["before"].Length == 0,
        });
    }

    public static async Task<IResult> ShowOne(Guid id, string? cursor, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        await pages.OneAsync(id, cursor, http, cancellationToken) is { } model ? PageAnswers.Page<ContactPage>(model) : new NoSuchPage();

    /// <summary>POST /people: those who were ticked are one person from now on, a new one or the contact that the form names.</summary>
    public static async Task<IResult> Join(HttpContext http, ContactPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var people = Ticked(form);
        var (id, refusal) = Guid.TryParseExact(form["contact"], "D", out var known)
            ? (known, await pages.change.AddPeopleAsync(known, people, http.Actor(), cancellationToken))
            : await pages.change.CreateAsync(name: null, email: null, note: null, people, http.Actor(), cancellationToken);
        if (refusal is null)
            return TypedResults.LocalRedirect(PathOf(id!.Value));
        return refusal == Problem.NotFound || await pages.ListAsync(cursor: null, http, cancellationToken) is not { } model
            ? new NoSuchPage()
            : PageAnswers.Page<ContactsPage>(model with { Error = people.Count == 0 ? "Tick at least one name." : refusal.Sentence }, refusal.Status);
    }

    public static Task<IResult> Change(Guid id, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        pages.ApplyAsync(id, http, form => pages.change.ChangeAsync(id, form["name"], form["email"], form["note"], http.Actor(), cancellationToken), cancellationToken);

    public static Task<IResult> Add(Guid id, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        pages.ApplyAsync(id, http, form => pages.change.AddPeopleAsync(id, Ticked(form), http.Actor(), cancellationToken), cancellationToken);

    public static Task<IResult> TakeOut(Guid id, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        pages.ApplyAsync(id, http, async form => Guid.TryParseExact(form["participant"], "D", out var person)
            ? await pages.change.RemovePersonAsync(person, http.Actor(), cancellationToken)
            : ContactProblems.NobodyOfThisId, cancellationToken);

    public static Task<IResult> Merge(Guid id, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        pages.ApplyAsync(id, http, form => pages.change.MergeAsync(id, Guid.TryParseExact(form["with"], "D", out var other) ? other : null, http.Actor(), cancellationToken), cancellationToken);

    public static async Task<IResult> Delete(Guid id, HttpContext http, ContactPages pages, CancellationToken cancellationToken) =>
        await pages.change.DeleteAsync(id, http.Actor(), cancellationToken) switch
        {
            null => TypedResults.LocalRedirect(Path),
            { Slug: "on-hold" } held => held.ToResult(),
            _ => new NoSuchPage(),
        };

    private async Task<IResult> ApplyAsync(Guid id, HttpContext http, Func<PostedForm, Task<Problem?>> act, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        // Another tenant's contact is not there, whatever is sent.
        if ((await reading.FindAsync(id, 1, cursor: null, cancellationToken)).Contact is null)
            return new NoSuchPage();
        if (await act(form) is not { } refusal)
            return TypedResults.LocalRedirect(PathOf(id));
        if (await OneAsync(id, cursor: null, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var isChange = refusal.Field is "name" or "email" or "note";
        return PageAnswers.Page<ContactPage>(
            model with
            {
                ErrorField = refusal.Field,
                Error = refusal.Sentence,
                FormName = isChange ? form["name"] : model.FormName,
                FormEmail = isChange ? form["email"] : model.FormEmail,
                FormNote = isChange ? form["note"] : model.FormNote,
            },
            refusal.Status);
    }

    private async Task<ContactsPageModel?> ListAsync(string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        if (await reading.PageAsync(Cursors.DefaultLimit, cursor, cancellationToken) is not { } page)
            return null;
        var isNewest = string.IsNullOrEmpty(cursor);
        var found = isNewest && MayChange(http) ? await alike.FindAsync(cancellationToken) : new FoundLookAlikes([], [], null);
        return new ContactsPageModel
        {
            Frame = await FrameAsync(http, cancellationToken),
            Contacts = [.. page.Items.Select(Line)],
            EarlierCursor = page.NextCursor,
            IsNewest = isNewest,
            Alike = [.. found.Items.Select(one => new AlikeLine(one.Contact is { } contact ? Line(contact) : null, Lines(one.People, one.Contact?.Email ?? one.People.Select(person => person.Email).FirstOrDefault(email => email is { Length: > 0 }))))],
            Others = [.. Lines(found.Others, address: null).Select(person => person with { IsTicked = false })],
            ComparedBackTo = found.SearchedBackTo,
        };
    }

    private async Task<ContactPageModel?> OneAsync(Guid id, string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        if ((await reading.FindAsync(id, Cursors.DefaultLimit, cursor, cancellationToken)).Detail is not { } contact)
            return null;
        return new ContactPageModel
        {
            Frame = await FrameAsync(http, cancellationToken),
            Id = id,
            Name = contact.Name,
            Email = contact.Email,
            Note = contact.Note,
            People = contact.People,
            Recordings = [.. contact.Recordings.Items.Select(one => new ContactRecordingLine(
                one.Recording, one.Title, one.RecordedAt, one.TrashedAt is not null, one.Participant, one.Name, one.Email, [.. ConsentWords.Recorded.Select(purpose => (purpose.Name(), one.Consents[purpose.Name()]))]))],
            EarlierCursor = contact.Recordings.NextCursor,
            Alike = MayChange(http) ? Lines(await alike.OfAsync(id, cancellationToken), contact.Email) : [],
            OthersToMerge = MayChange(http) ? [.. (await reading.PageAsync(MostToMerge, cursor: null, cancellationToken))!.Items.Where(other => other.Id != id).Select(Line)] : [],
            FormName = contact.Name,
            FormEmail = contact.Email ?? "",
            FormNote = contact.Note ?? "",
        };
    }

    private Task<PageFrame> FrameAsync(HttpContext http, CancellationToken cancellationToken) => frames.ForMemberAsync(http, NavEntry.People, cancellationToken);

    private static bool MayChange(HttpContext http) => http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Contributor;

    private static ContactLine Line(ContactResponse contact) => new(contact.Id, contact.Name, contact.Email, contact.People);

    /// <summary>Of another address, somebody of the same name may be somebody else: he is not ticked.</summary>
    private static IReadOnlyList<LonePersonLine> Lines(IReadOnlyList<ContactRecordingResponse> people, string? address) =>
        [.. people.Select(person => new LonePersonLine(
            person.Participant, person.Name, person.Email, person.Title, person.RecordedAt, string.IsNullOrEmpty(person.Email) || ContactWords.Mail(person.Email) == ContactWords.Mail(address)))];

    private static IReadOnlyList<Guid> Ticked(PostedForm form) => [.. form.All("participant").Select(text => Guid.TryParseExact(text, "D", out var person) ? person : Guid.Empty).Distinct()];
}
