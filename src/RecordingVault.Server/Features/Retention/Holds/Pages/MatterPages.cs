using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Holds.Pages;

/// <summary>/matters and /matters/{id}, with their forms. Whoever reads the log reads them; an Owner or Admin changes them.</summary>
internal sealed class MatterPages(MatterReading reading, PageFrames frames, TimeProvider time)
{
    public const string Path = "/matters";
    public const int OnPage = 50;

    public static string PathOf(Guid id) => $"{Path}/{id}";

    public static async Task<IResult> ShowAll(string? state, string? cursor, HttpContext http, MatterPages pages, CancellationToken cancellationToken) =>
        await pages.ListAsync(state != "closed", cursor, http, cancellationToken) is { } model ? PageAnswers.Page<MattersPage>(model) : TypedResults.LocalRedirect(Path);

    public static async Task<IResult> Open(HttpContext http, MatterPages pages, MatterChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (id, refusal) = await change.OpenAsync(form["name"], form["note"], http, cancellationToken);
        if (id is { } opened)
            return TypedResults.LocalRedirect(PathOf(opened));
        var model = (await pages.ListAsync(areOpen: true, null, http, cancellationToken))! with { Name = form["name"], Note = form["note"] };
        return PageAnswers.Page<MattersPage>(refusal!.Field switch
        {
            "name" => model with { NameError = refusal.Sentence },
            "note" => model with { NoteError = refusal.Sentence },
            _ => model with { Error = refusal.Sentence },
        }, refusal.Status);
    }

    public static async Task<IResult> Show(Guid id, string? cursor, HttpContext http, MatterPages pages, CancellationToken cancellationToken) =>
        await pages.OneAsync(id, cursor, http, cancellationToken) is { } model ? PageAnswers.Page<MatterPage>(model) : new NoSuchPage();

    public static async Task<IResult> Change(Guid id, HttpContext http, MatterPages pages, MatterChange change, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await change.ChangeAsync(id, form["name"], form["note"], http, cancellationToken) is not { } refusal)
            return TypedResults.LocalRedirect(PathOf(id));
        if (await pages.OneAsync(id, null, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        model = model with { Name = form["name"], Note = form["note"] };
        return PageAnswers.Page<MatterPage>(refusal.Field switch
        {
            "name" => model with { NameError = refusal.Sentence },
            "note" => model with { NoteError = refusal.Sentence },
            _ => model with { Error = refusal.Sentence },
        }, refusal.Status);
    }

    public static async Task<IResult> Close(Guid id, HttpContext http, MatterPages pages, HoldLifting lifting, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if ((await lifting.CloseAsync(id, form["reason"], http, cancellationToken)).Problem is not { } refusal)
            return TypedResults.LocalRedirect(PathOf(id));
        if (await pages.OneAsync(id, null, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        model = model with { Reason = form["reason"] };
        return PageAnswers.Page<MatterPage>(
            refusal.Field is "reason" ? model with { ReasonError = refusal.Sentence } : model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst }, refusal.Status);
    }

    private async Task<MattersPageModel?> ListAsync(bool areOpen, string? cursor, HttpContext http, CancellationToken cancellationToken) =>
        await reading.PageAsync(areOpen, OnPage, cursor, cancellationToken) is not { } page ? null : new MattersPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Matters = page.Items,
            AreOpen = areOpen,
            MayChange = http.User.RoleInTenant() is Role.Owner or Role.Admin,
            EarlierCursor = page.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
        };

    private async Task<MatterPageModel?> OneAsync(Guid id, string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(id, cancellationToken) is not { } matter
            || await reading.HoldsAsync(id, null, isStanding: true, withReasons: true, OnPage, cursor, cancellationToken) is not { } holds)
            return null;
        var mayChange = http.User.RoleInTenant() is Role.Owner or Role.Admin;
        return new MatterPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Matter = matter,
            Holds = holds.Items,
            Now = time.Now(),
            MayChange = mayChange,
            MayLift = mayChange && http.User.SessionId() is not null,
            EarlierCursor = holds.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
            Name = matter.Name,
            Note = matter.Note ?? "",
        };
    }
}
