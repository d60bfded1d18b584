using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>GET /audit. It stands here because a page needs the tenant's frame, and the log, which tenants stand on, knows no tenant's name.</summary>
internal static class ShowLog
{
    private static readonly TimeSpan SumsOf = TimeSpan.FromDays(7);

    public static async Task<Results<RazorComponentResult<AuditPage>, RedirectHttpResult>> Handle(
        string? cursor, HttpContext http, AuditReading reading, PageFrames frames, IEnumerable<ITargetNames> names, TimeProvider time, CancellationToken cancellationToken)
    {
        var wish = AuditWish.Of(name => http.Request.Query[name] is [{ } value] ? value : null);
        var now = time.Now();
        var (filter, unread) = AuditFilter.Read(wish, now);
        if (filter is null || await reading.PageAsync(filter, Cursors.DefaultLimit, cursor, cancellationToken) is not { } page)
            return TypedResults.LocalRedirect(unread is null ? wish.At("/audit") : "/audit");
        var frame = await frames.ForMemberAsync(http, NavEntry.Audit, cancellationToken);
        var known = frame.Member?.MayView is true ? await NamesAsync(page.Items, names, cancellationToken) : [];
        var reader = http.User.MemberId();
        var lines = page.Items.Select(line => LogLine.Of(line, reader, known)).ToList();
        return PageAnswers.Page<AuditPage>(new AuditPageModel
        {
            Frame = frame,
            Events = lines,
            Wish = wish,
            OnlyTarget = wish.Target is { } target ? lines.Select(line => line.Target).FirstOrDefault(thing => thing?.Id == target) ?? new AuditPageThing("thing", target) : null,
            OnlyActor = wish.Actor is null ? null : lines.Select(line => line.Actor).FirstOrDefault() ?? new AuditPageActor("member", null),
            LastDays = await reading.SumsAsync(now - SumsOf, cancellationToken),
            EarlierCursor = page.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
        });
    }

    private static async Task<Dictionary<Guid, string>> NamesAsync(IReadOnlyList<AuditEventResponse> lines, IEnumerable<ITargetNames> names, CancellationToken cancellationToken)
    {
        var targets = lines.Select(line => line.Target?.Id).OfType<Guid>().Distinct().ToList();
        var known = new Dictionary<Guid, string>();
        foreach (var source in names)
        {
            foreach (var (id, name) in await source.OfAsync(targets, cancellationToken))
                known[id] = name;
        }

        return known;
    }
}
