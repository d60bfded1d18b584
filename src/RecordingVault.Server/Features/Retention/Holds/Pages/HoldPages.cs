using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Holds.Pages;

/// <summary>GET and POST /recordings/{id}/hold, POST /recordings/{id}/holds/{hold}/lift. Whoever sees the recording sees what holds it.</summary>
internal sealed class HoldPages(MatterReading reading, RecordingTitles titles, PageFrames frames)
{
    /// <summary>More matters than this hold no recording; the API lists them all.</summary>
    private const int Most = 200;

    public static string PathOf(Guid recording) => $"/recordings/{recording}/hold";

    public static async Task<IResult> Show(Guid id, HttpContext http, HoldPages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<HoldPage>(model) : new NoSuchPage();

    public static async Task<IResult> Set(Guid id, HttpContext http, HoldPages pages, HoldSetting setting, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var matter = Guid.TryParseExact(form["matter"], "D", out var chosen) ? chosen : (Guid?)null;
        if ((await setting.SetAsync(id, matter, form["reason"], http, cancellationToken)).Problem is not { } refusal)
            return TypedResults.LocalRedirect(PathOf(id));
        if (await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        model = model with { Matter = form["matter"], Reason = form["reason"] };
        return PageAnswers.Page<HoldPage>(refusal.Field switch
        {
            "matter" => model with { MatterError = refusal.Sentence },
            "reason" => model with { ReasonError = refusal.Sentence },
            _ => model with { Error = refusal.Sentence },
        }, refusal.Status);
    }

    public static async Task<IResult> Lift(Guid id, Guid hold, HttpContext http, HoldPages pages, HoldLifting lifting, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await lifting.LiftAsync(id, hold, form["reason"], http, cancellationToken) is not { } refusal)
            return TypedResults.LocalRedirect(PathOf(id));
        if (refusal == Problem.NotFound || await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        model = model with { Lifting = hold, Reason = form["reason"] };
        return PageAnswers.Page<HoldPage>(
            refusal.Field is "reason" ? model with { ReasonError = refusal.Sentence } : model with { Error = refusal.Sentence, NeedsSignIn = refusal == Problem.FreshSignIn || refusal == Problem.SecondFactorFirst }, refusal.Status);
    }

    private async Task<HoldPageModel?> ModelAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if ((await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) is not { } title)
            return null;
        var holds = (await reading.HoldsAsync(null, id, isStanding: true, HoldEndpoints.MayReadReasons(http), Most, null, cancellationToken))!.Items;
        var maySet = http.User.RoleInTenant() is Role.Owner or Role.Admin;
        return new HoldPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Recording = id,
            Title = title,
            Holds = holds,
            Matters = maySet ? [.. (await reading.OpenOnesAsync(cancellationToken)).Where(matter => holds.All(hold => hold.Matter.Id != matter.Id))] : [],
            MaySet = maySet,
            MayLift = maySet && http.User.SessionId() is not null,
        };
    }
}
