using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>GET /audit. It stands here because a page needs the tenant's frame, and the log, which tenants stand on, knows no tenant's name.</summary>
internal static class ShowLog
{
    public static async Task<Results<RazorComponentResult<AuditPage>, RedirectHttpResult>> Handle(
        string? outcome, Guid? target, string? cursor, HttpContext http, AuditReading reading, PageFrames frames, CancellationToken cancellationToken)
    {
        var filter = new AuditFilter(outcome == "refused", target);
        if (await reading.PageAsync(filter, Cursors.DefaultLimit, cursor, cancellationToken) is not { } page)
            return TypedResults.LocalRedirect("/audit");
        var reader = http.User.MemberId();
        var kind = page.Items.Select(line => line.Target).FirstOrDefault(party => party?.Id == target)?.Kind;
        return PageAnswers.Page<AuditPage>(new AuditPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Audit, cancellationToken),
            Events = [.. page.Items.Select(line => Line(line, reader))],
            OnlyRefused = filter.OnlyRefused,
            OnlyTarget = target is { } id ? new AuditPageThing(kind ?? "recording", id) : null,
            EarlierCursor = page.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
        });
    }

    private static AuditPageEvent Line(AuditEventResponse line, Guid reader) => new()
    {
        Number = line.Number,
        Time = line.Time,
        Type = line.Type,
        Actor = new AuditPageActor(line.Actor.Kind, line.Details.GetValueOrDefault("actor.name"), line.Actor.Kind == "member" && line.Actor.Id == reader),
        Target = line.Target is { Id: { } id } thing ? new AuditPageThing(thing.Kind, id) : null,
        IsRefused = line.Outcome == "refused",
        Decrypted = line.Decrypted,
        Details = line.Details,
    };
}
