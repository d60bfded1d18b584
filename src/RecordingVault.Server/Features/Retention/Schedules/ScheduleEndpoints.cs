using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>/api/v1/retention/schedules.</summary>
internal static class ScheduleEndpoints
{
    public const string Path = "/api/v1/retention/schedules";

    public static async Task<Results<Ok<PageResponse<ScheduleResponse>>, ProblemHttpResult>> List(int? limit, string? cursor, HttpContext http, ScheduleReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.PageAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page with { Items = [.. page.Items.Select(schedule => ShownTo(http, schedule))] }) : Cursors.Wrong().ToResult();
    }

    public static async Task<Results<Ok<ScheduleResponse>, ProblemHttpResult>> One(Guid id, HttpContext http, ScheduleReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(ShownTo(http, found)) : Problem.NotFound.ToResult();

    public static async Task<Results<Created<ScheduleResponse>, ProblemHttpResult>> Make(ScheduleRequest request, HttpContext http, ScheduleMaking making, ScheduleReading reading, CancellationToken cancellationToken)
    {
        var (id, problem) = await making.MakeAsync(request, http, cancellationToken);
        return id is { } made && await reading.FindAsync(made, cancellationToken) is { } schedule ? TypedResults.Created($"{Path}/{made}", schedule) : (problem ?? Problem.NotFound).ToResult();
    }

    public static async Task<Results<Ok<ScheduleResponse>, Accepted<ScheduleResponse>, ProblemHttpResult>> Change(
        Guid id, ChangeScheduleRequest request, HttpContext http, ScheduleChanging changing, ScheduleReading reading, CancellationToken cancellationToken)
    {
        var (waits, problem) = await changing.ChangeAsync(id, request, http, cancellationToken);
        if (problem is not null || await reading.FindAsync(id, cancellationToken) is not { } schedule)
            return (problem ?? Problem.NotFound).ToResult();
        return waits is { } change ? TypedResults.Accepted($"{ChangeEndpoints.Path}/{change}", schedule) : TypedResults.Ok(schedule);
    }

    public static async Task<Results<NoContent, Accepted<ScheduleResponse>, ProblemHttpResult>> Remove(
        Guid id, HttpContext http, ScheduleChanging changing, ScheduleReading reading, CancellationToken cancellationToken)
    {
        var (reason, unread) = await ReasonAsync(http.Request, cancellationToken);
        if (unread is not null)
            return unread.ToResult();
        var (waits, problem) = await changing.RemoveAsync(id, reason, http, cancellationToken);
        if (problem is not null)
            return problem.ToResult();
        return waits is { } change && await reading.FindAsync(id, cancellationToken) is { } schedule ? TypedResults.Accepted($"{ChangeEndpoints.Path}/{change}", schedule) : TypedResults.NoContent();
    }

    public static async Task<Results<Ok<PreviewResponse>, ProblemHttpResult>> Preview(PreviewRequest request, SchedulePreview preview, CancellationToken cancellationToken)
    {
        var (found, problem) = await preview.OfAsync(request, cancellationToken);
        return found is not null ? TypedResults.Ok(found) : problem!.ToResult();
    }

    /// <summary>Its body may be left out.</summary>
    private static async Task<(string? Reason, Problem? Problem)> ReasonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await OptionalBody<RemoveScheduleRequest>.ReadAsync(request, cancellationToken);
        return (body.Value?.Reason, body.Wrong);
    }

    /// <summary>Why somebody wants a change, and who, is for those who decide about it.</summary>
    private static ScheduleResponse ShownTo(HttpContext http, ScheduleResponse schedule) =>
        schedule.Waiting is { } waiting && http.User.RoleInTenant() is not (Role.Owner or Role.Admin) ? schedule with { Waiting = waiting with { Reason = "", AskedBy = new SchedulePerson(Guid.Empty, null) } } : schedule;
}

/// <summary>What a new, changed or removed rule would do, for the API and for the form's first button.</summary>
internal sealed class SchedulePreview(VaultDbContext db, DryRun dryRun, ScheduleChanging changing)
{
    public async Task<(PreviewResponse? Found, Problem? Problem)> OfAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        if (request.Schedule is not { } id)
        {
            if ((ScheduleWish.TryRead(request.Wish, Guid.CreateVersion7(), out var wish) ?? await ScheduleWish.CheckTargetAsync(db, wish!.Rule, cancellationToken)) is { } wrong)
                return (null, wrong);
            var made = await dryRun.RunAsync(wish!.Rule, wish.Rule, cancellationToken);
            return (await dryRun.ShowAsync(made, wish.Rule.DisposeAfter is not null && made.Sooner > 0, cancellationToken), null);
        }

        if (await db.RetentionSchedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } schedule)
            return (null, Problem.NotFound);
        var before = schedule.Rule;
        RetentionRule? after = null;
        if (!request.Removes)
        {
            // For whom it is and from when it counts stays as it is.
            if (ScheduleWish.TryRead(request.Wish with { Scope = before.Scope.Name(), Target = before.Target, Trigger = before.Trigger.Name(), Name = request.Name ?? "x" }, id, out var wish) is { } wrong)
                return (null, wrong);
            after = wish!.Rule;
        }

        var found = await dryRun.RunAsync(before, after, cancellationToken);
        return (await dryRun.ShowAsync(found, after != before && Ratchet.Lowers(before, after, await changing.OthersAsync(id, cancellationToken)), cancellationToken), null);
    }
}
