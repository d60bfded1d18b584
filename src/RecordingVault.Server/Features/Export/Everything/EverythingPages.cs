using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Asking;
using RecordingVault.Server.Features.Export.Listing;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Export.Everything;

/// <summary>Gathers what the page of everything shows: where the newest run is, its packages, and what was left out.</summary>
internal sealed class EverythingPages(VaultDbContext db, TenantKeys keys, RunRecordings recordings, ExportOrdering ordering, ExportLines lines, RecordingTitles titles, PageFrames frames, TimeProvider time)
{
    public const string Path = "/exports/everything";
    private const int PackagesOnPage = 40;
    private const int LeftOutOnPage = 100;

    public async Task<EverythingPageModel> ModelAsync(HttpContext http, AskedTerms terms, CancellationToken cancellationToken)
    {
        var run = await db.EverythingRuns.AsNoTracking().OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        var frame = await frames.ForMemberAsync(http, NavEntry.Exports, cancellationToken);
        return new EverythingPageModel
        {
            Frame = frame,
            Purposes = [.. ExportWords.Purposes.Select(words => new PurposeChoice(words, 0))],
            Purpose = terms.Purpose,
            Recipient = terms.Recipient is { Length: > 0 } given ? given : frame.TenantName ?? "",
            Days = terms.Days,
            All = await recordings.CountAllAsync(cancellationToken),
            Run = run is null ? null : await TellAsync(http, run, cancellationToken),
        };
    }

    private async Task<EverythingRunShown> TellAsync(HttpContext http, EverythingRun run, CancellationToken cancellationToken)
    {
        string recipient;
        using (var key = await keys.DataKeyAsync(cancellationToken))
            recipient = run.Recipient.Open(key, run.TenantId, run.Id, EverythingRun.RecipientColumn);
        var leftOut = await recordings.LeftOutAsync(run, LeftOutOnPage, cancellationToken);
        var names = await titles.OfAsync([.. leftOut.Select(item => item.RecordingId).Distinct()], cancellationToken);
        return new EverythingRunShown
        {
            State = run.State switch { RunState.Running => EverythingState.Running, RunState.Over => EverythingState.Over, RunState.Stopped => EverythingState.Stopped, _ => EverythingState.SignedOut },
            Recipient = recipient,
            Purpose = run.For.Name(),
            BegunAt = run.CreatedAt,
            Counts = await recordings.CountAsync(run, cancellationToken),
            IsFull = run.State is RunState.Running && await ordering.IsFullAsync(cancellationToken),
            IsLicenceOver = run.LicensedUntil <= time.GetUtcNow(),
            Packages = await lines.OfRunAsync(http, run.Id, PackagesOnPage, cancellationToken),
            LeftOut = [.. leftOut.Select(item => new ExportLineRecording(item.RecordingId, names.GetValueOrDefault(item.RecordingId), false, RefusalWords.Of(item.Reason ?? "", item.Sentence, item.RecordingId)))],
        };
    }
}
