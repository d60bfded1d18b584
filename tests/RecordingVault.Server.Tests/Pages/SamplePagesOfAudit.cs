using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfAudit
{
    private static readonly AuditPageThing s_recording = new("recording", SamplePages.Tenant, "Quarterly review with Anna");
    private static readonly AuditPageThing s_share = new("share", SamplePages.Tenant);
    private static readonly AuditPageActor s_helen = new("member", "Helen Marsh", IsReader: true);
    private static readonly AuditPageActor s_anna = new("share", "Anna Lindqvist");

    private static readonly AuditPageModel s_log = new()
    {
        Frame = SamplePages.Frame with { Current = NavEntry.Audit },
        EarlierCursor = "OTEwMA",
        LastDays = new AuditSums(23, 41, 4, 1),
        Events =
        [
            Line(9120, 1, "content.released", s_anna, s_recording, ("purpose", "view"), ("actor.address", "203.0.113.24")) with { Decrypted = true },
            Line(9119, 1, "viewing.started", s_anna, s_share),
            Line(9118, 2, "share.refused", new AuditPageActor("share", null), s_share, ("reason", "passcode-wrong"), ("actor.address", "203.0.113.24")) with { IsRefused = true },
            Line(9117, 3, "content.refused", new AuditPageActor("token", "Helen Marsh"), s_recording, ("purpose", "export"), ("reasons", "usage-tag no-role")) with { IsRefused = true },
            Line(9116, 4, "share.created", s_helen, s_share, ("recipient", "Anna Lindqvist")),
            Line(9115, 5, "content.released", new AuditPageActor("system", null), s_recording, ("purpose", "ai-inference")) with { Decrypted = true },
            Line(9114, 30, "operator.opened-settings", new AuditPageActor("operator", "Karl Brandt"), null),
            Line(9113, 31, "content.released", s_helen, s_recording, ("purpose", "download")) with { Decrypted = true },
            Line(9112, 32, "token.created", s_helen, null, ("name", "notes-sync"), ("role", "Contributor")),
            Line(9111, 33, "member.sign-in-refused", new AuditPageActor("member", null), null) with { IsRefused = true },
            Line(9110, 34, "member.created", s_helen, new AuditPageThing("member", SamplePages.Tenant), ("role", "Viewer")),
            Line(9109, 34, "member.signed-out", s_helen, null),
            Line(9108, 35, "recording.changed", s_helen, s_recording),
            Line(9107, 36, "upload.finished", s_helen, null),
            Line(9106, 37, "content.damaged", s_helen, s_recording) with { IsRefused = true },
            Line(9105, 37, "manifest.committed", s_helen, s_recording),
            Line(1, 900, "tenant.created", new AuditPageActor("system", null), null),
        ],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("audit", typeof(AuditPage), s_log),
        new("audit-earlier", typeof(AuditPage), s_log with { IsNewest = false, EarlierCursor = null }),
        new("audit-refused", typeof(AuditPage), s_log with { Wish = new AuditWish { Outcome = "refused", Target = s_recording.Id }, OnlyTarget = s_recording, Events = [.. s_log.Events.Where(line => line.IsRefused)] }),
        new("audit-nothing-refused", typeof(AuditPage), s_log with { Wish = new AuditWish { Outcome = "refused", Days = "7" }, Events = [], EarlierCursor = null }),
        new("audit-auditor", typeof(AuditPage), s_log with { Frame = s_log.Frame with { Member = new PageMember("Karin Roth", "Auditor") } }),
        new("audit-own-days", typeof(AuditPage), s_log with { Wish = new AuditWish { From = "2026-11-20", To = "2026-11-24", Zone = "Europe/Berlin", About = "links", Who = "people", Actor = SamplePages.Tenant }, OnlyActor = s_anna, Events = [], EarlierCursor = null }),
        new("audit-export", typeof(LogExportPage), new LogExportPageModel { Frame = s_log.Frame, Wish = new AuditWish(), Count = 18_204 }),
        new("audit-export-some", typeof(LogExportPage), new LogExportPageModel { Frame = s_log.Frame, Wish = new AuditWish { Outcome = "refused", Days = "7" }, Count = 1, NeedsSignIn = true }),
        new("audit-empty", typeof(AuditPage), s_log with { Events = [], EarlierCursor = null }),
    ];

    private static AuditPageEvent Line(long number, int hoursAgo, string type, AuditPageActor actor, AuditPageThing? target, params (string Name, string Value)[] details) => new()
    {
        Number = number,
        Time = SamplePages.Now.AddHours(-hoursAgo),
        Type = type,
        Actor = actor,
        Target = target,
        Details = details.ToDictionary(detail => detail.Name, detail => detail.Value, StringComparer.Ordinal),
    };
}
