using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Export.Everything;

/// <summary>
/// Asks for the next packages of a run, as many as there is room for. It decides nothing: each recording goes the way of every export, past the gate, in the name of whoever has the
/// run go on. Killed anywhere, the next minute's nudge goes on with what the rows say.
/// </summary>
internal sealed class AdvanceRunJob(VaultDbContext db, TenantKeys keys, RunRecordings recordings, ExportOrdering ordering, ExportEnding ending, ReleaseCheck check, TimeProvider time) : ITenantJob
{
    /// <summary>Packages of a run that are being built or wait to be fetched: everything must not lie here twice.</summary>
    public const int MostAhead = 4;

    /// <summary>Asking for a package takes seconds.</summary>
    private static readonly TimeSpan s_claimedFor = TimeSpan.FromMinutes(10);

    public static string Name => "advance-everything-run";

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var until = now + s_claimedFor;
        if (await db.EverythingRuns.Where(run => run.Id == subjectId && run.State == RunState.Running && (run.ClaimedUntil == null || run.ClaimedUntil < now))
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.ClaimedUntil, until), cancellationToken) == 0)
            return;
        try
        {
            await AdvanceAsync(await db.EverythingRuns.AsNoTracking().SingleAsync(run => run.Id == subjectId, cancellationToken), cancellationToken);
        }
        finally
        {
            // Whatever happened, the next one need not wait until this claim is over.
            await db.EverythingRuns.Where(run => run.Id == subjectId && run.ClaimedUntil == until).ExecuteUpdateAsync(set => set.SetProperty(run => run.ClaimedUntil, (DateTimeOffset?)null), CancellationToken.None);
        }
    }

    private async Task AdvanceAsync(EverythingRun run, CancellationToken cancellationToken)
    {
        var asker = new MemberAsker(new Actor(run.TokenId is null ? AuditActorKind.Member : AuditActorKind.Token, run.TokenId ?? run.MemberId), run.MemberId, run.SessionId, run.TokenId) { For = run.For };
        if (await MemberStanding.ReadAsync(db, new MemberPass(run.MemberId, run.SessionId, run.TokenId), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
        {
            await BecomeAsync(run, RunState.SignedOut, cancellationToken);
            return;
        }

        if (run.LicensedUntil <= time.Now())
        {
            await BecomeAsync(run, RunState.Over, cancellationToken);
            return;
        }

        await EndUnfetchableAsync(run, asker, cancellationToken);
        string recipient;
        using (var key = await keys.DataKeyAsync(cancellationToken))
            recipient = run.Recipient.Open(key, run.TenantId, run.Id, EverythingRun.RecipientColumn);
        while (await GoesOnAsync(run, cancellationToken) && await AheadAsync(run, onlyBuilding: false, cancellationToken) < MostAhead)
        {
            if (await recordings.NextAsync(run, cancellationToken) is not { Count: > 0 } next)
            {
                if (await AheadAsync(run, onlyBuilding: true, cancellationToken) == 0)
                    await BecomeAsync(run, RunState.Over, cancellationToken);
                return;
            }

            // One of them was destroyed meanwhile: the next nudge finds those that are there.
            if (await ordering.LookAsync(asker, next, recipient, cancellationToken) is not { } looked)
                return;
            var export = ordering.NewExport(asker, run.LicensedUntil);
            (export.RunId, export.Round) = (run.Id, run.Round);
            if ((await ordering.AddAsync(export, asker.Actor, looked, recipient, () => GoesOnAsync(run, cancellationToken), cancellationToken)).Refusal is not null)
                return;
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Nobody has stopped it, or had it go on in his own name.</summary>
    private Task<bool> GoesOnAsync(EverythingRun run, CancellationToken cancellationToken) => db.EverythingRuns.AnyAsync(row => row.Id == run.Id && row.State == RunState.Running && row.Round == run.Round, cancellationToken);

    /// <summary>
    /// A package of the run that can't be fetched any more, because a recording in it says another tag by now or may not leave, would stand in the way of the next ones for its seven days.
    /// It goes; what is in it is packed again with the next round.
    /// </summary>
    private async Task EndUnfetchableAsync(EverythingRun run, MemberAsker asker, CancellationToken cancellationToken)
    {
        var waiting = await db.PackageExports.AsNoTracking().Where(export => export.RunId == run.Id && export.State == ExportState.Ready && export.FetchedWholeAt == null).Select(export => export.Id).ToListAsync(cancellationToken);
        foreach (var id in waiting)
        {
            var packed = await db.PackageExportItems.AsNoTracking().Where(item => item.ExportId == id && item.IsPacked == true).Select(item => new { item.RecordingId, item.Tag }).ToListAsync(cancellationToken);
            var allowed = (await check.AllowedAsync(asker, [.. packed.Select(item => item.RecordingId)], ReleasePurpose.Download, cancellationToken)).ToDictionary(one => one.Recording.Id, one => one.Tag);
            if (!packed.TrueForAll(item => allowed.TryGetValue(item.RecordingId, out var tag) && tag == item.Tag))
                await ending.EndAsync(id, Actor.System, cancellationToken);
        }
    }

    private Task<int> AheadAsync(EverythingRun run, bool onlyBuilding, CancellationToken cancellationToken) => db.PackageExports.CountAsync(
        export => export.RunId == run.Id && (export.State == ExportState.Waiting || export.State == ExportState.Building || (!onlyBuilding && export.State == ExportState.Ready && export.FetchedWholeAt == null)), cancellationToken);

    private async Task BecomeAsync(EverythingRun run, RunState state, CancellationToken cancellationToken) =>
        await db.EverythingRuns.Where(row => row.Id == run.Id && row.State == RunState.Running && row.Round == run.Round).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, state), cancellationToken);
}
