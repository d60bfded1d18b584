using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Usage;

/// <param name="Tag">One of the vocabulary.</param>
/// <param name="Reason">Needed where machines may do more than before; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeUsageRequest(string? Tag, string? Reason);

/// <param name="Tag">The recording's own.</param>
/// <param name="Usage">The tag in force and what it says of each use, as in every JSON that leaves.</param>
/// <param name="Objections">Who says what against which use.</param>
/// <param name="Purposes">Whether content may leave for each, by the marks alone.</param>
internal sealed record UsageResponse(string Tag, UsageMember Usage, IReadOnlyList<UsageObjectionResponse> Objections, IReadOnlyDictionary<string, bool> Purposes)
{
    public static UsageResponse Of(UsageTag own, EffectiveUse use) => new(
        own.Name, UsageMember.Of(use.Tag),
        [.. use.Objections.Select(objection => new UsageObjectionResponse(objection.Use.Name(), objection.Decision.Name(), objection.Source.Name(), objection.Words))],
        UsageTags.Purposes.Stated.ToDictionary(purpose => purpose.Name(), purpose => purpose.IsAllowedBy(use), StringComparer.Ordinal));
}

internal sealed record UsageObjectionResponse(string Use, string Decision, string Source, string Words);

/// <summary>GET and PUT /api/v1/recordings/{id}/usage, and the page where a person reads and changes it.</summary>
internal static class ChangeUsage
{
    public static async Task<Results<Ok<UsageResponse>, ProblemHttpResult>> Read(Guid id, VaultDbContext db, UsageReading usage, CancellationToken cancellationToken) =>
        await FindAsync(db, id, cancellationToken) is { } recording ? TypedResults.Ok(UsageResponse.Of(recording.UsageTag, await usage.OfAsync(recording, cancellationToken))) : Problem.NotFound.ToResult();

    public static async Task<Results<Ok<UsageResponse>, Accepted<LooseningResponse>, ProblemHttpResult>> Handle(
        Guid id, ChangeUsageRequest request, HttpContext http, VaultDbContext db, UsageReading usage, RecordingTagging tagging, LooseningReading requests, CancellationToken cancellationToken)
    {
        if (UsageTag.Parse(request.Tag ?? "") is not { } tag)
            return (await FindAsync(db, id, cancellationToken) is null ? Problem.NotFound : UsageProblems.NoSuchTag).ToResult();
        var change = await tagging.ApplyAsync(id, tag, request.Reason, http, cancellationToken);
        if (change.Request is { } asked)
            return TypedResults.Accepted($"/api/v1/loosenings/{asked}", await requests.FindAsync(asked, cancellationToken));
        return change.Recording is not { } recording ? change.Problem!.ToResult() : TypedResults.Ok(UsageResponse.Of(recording.UsageTag, await usage.OfAsync(recording, cancellationToken)));
    }

    public static async Task<IResult> Show(Guid id, HttpContext http, UsagePages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, cancellationToken) is { } model ? PageAnswers.Page<UsagePage>(model) : new NoSuchPage();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, UsagePages pages, RecordingTagging tagging, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (await pages.ModelAsync(id, http, cancellationToken) is not { } model)
            return new NoSuchPage();
        var tag = UsageTag.Parse(form["tag"]);
        model = model with { Reason = form["reason"], Chosen = tag?.Name ?? model.Tag };
        if (tag is null)
            return Refused(model, UsageProblems.NoSuchTag);
        var change = await tagging.ApplyAsync(id, tag, form["reason"], http, cancellationToken);
        return change.Recording is null ? Refused(model, change.Problem!) : TypedResults.LocalRedirect(change.Request is { } asked ? $"{LooseningPages.Path}/{asked}" : $"/recordings/{id}/use");
    }

    private static RazorComponentResult<UsagePage> Refused(UsagePageModel model, Problem problem) => PageAnswers.Page<UsagePage>(
        problem.Field is "reason"
            ? model with { ReasonError = problem.Sentence }
            : model with { Error = problem.Sentence, NeedsSignIn = problem == Problem.FreshSignIn || problem == Problem.SecondFactorFirst },
        problem.Status);

    private static Task<Recording?> FindAsync(VaultDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken);
}

internal sealed class UsagePages(VaultDbContext db, UsageReading usage, LooseningReading requests, LooseningAsking approvals, RecordingTitles titles, PageFrames frames)
{
    public async Task<UsagePageModel?> ModelAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken) is not { } recording)
            return null;
        var use = await usage.OfAsync(recording, cancellationToken);
        var mayLoosen = UsageProblems.MayLoosen(http.User.RoleInTenant());
        return new UsagePageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Id = id,
            Name = (await titles.OfAsync([id], cancellationToken)).GetValueOrDefault(id) ?? "",
            Tag = recording.UsageTag.Name,
            Chosen = recording.UsageTag.Name,
            Effective = use.Tag.Name,
            IsRestricted = recording.Label == ConfidentialityLabel.Restricted,
            Lines = [.. UsageTags.Purposes.Stated.Select(purpose => new UsageLine(purpose.Name(), purpose.IsAllowedBy(use), [.. purpose.Objections(use).Select(objection => objection.Source.Name()).Distinct(StringComparer.Ordinal)]))],
            MayChange = http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Contributor,
            MayLoosen = mayLoosen,
            TakesApproval = mayLoosen && await approvals.IsAllowedAsync(cancellationToken),
            Asked = mayLoosen ? await requests.OfRecordingAsync(id, cancellationToken) : null,
            Choices = [.. UsageTag.All.Reverse().Select(tag => new UsageChoice(tag.Name, tag.Statement, !tag.Rights.IsAsStrictAs(recording.UsageTag.Rights)))],
        };
    }
}
