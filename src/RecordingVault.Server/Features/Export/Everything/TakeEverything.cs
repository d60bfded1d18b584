using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export.Asking;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Export.Everything;

/// <summary>/exports/everything: every recording of the organisation as packages (P9), begun once and gone on with as often as it takes.</summary>
internal static class TakeEverything
{
    public const string Begun = "export.everything-begun";
    public const string Stopped = "export.everything-stopped";

    public static async Task<IResult> Show(HttpContext http, EverythingPages pages, CancellationToken cancellationToken) =>
        PageAnswers.Page<EverythingPage>(await pages.ModelAsync(http, new AskedTerms { Purpose = Purpose.ViewInternal.Name() }, cancellationToken));

    public static async Task<IResult> Begin(HttpContext http, EverythingPages pages, RunOrdering ordering, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var terms = AskedTerms.Of(form);
        if (FreshSignIn.Check(http, time.GetUtcNow()) is { } stale)
            return PageAnswers.Page<EverythingPage>(await pages.ModelAsync(http, terms, cancellationToken) with { SignInWhy = AskPages.WhySignIn(stale), AsksAnew = true }, stale.Status);
        if (ExportOrdering.CheckTerms(terms.Purpose, terms.Recipient, terms.LicensedUntil(time.Now()), time.Now()) is { } unfit)
            return PageAnswers.Page<EverythingPage>(await pages.ModelAsync(http, terms, cancellationToken) with { Error = unfit.Sentence, ErrorField = unfit.Field, AsksAnew = true }, unfit.Status);
        await ordering.BeginAsync(http, terms, cancellationToken);
        return TypedResults.LocalRedirect(EverythingPages.Path);
    }

    public static async Task<IResult> GoOn(HttpContext http, EverythingPages pages, RunOrdering ordering, CancellationToken cancellationToken)
    {
        if (await ordering.GoOnAsync(http, cancellationToken))
            return TypedResults.LocalRedirect(EverythingPages.Path);
        return PageAnswers.Page<EverythingPage>(await pages.ModelAsync(http, new AskedTerms { Purpose = Purpose.ViewInternal.Name() }, cancellationToken) with { Error = LicenceOver, AsksAnew = true }, StatusCodes.Status409Conflict);
    }

    private const string LicenceOver = "The licence that its packages carry has ended, so nothing more is packed under it. Begin anew, with a licence for a time to come.";

    public static async Task<IResult> Stop(HttpContext http, RunOrdering ordering, CancellationToken cancellationToken)
    {
        await ordering.StopAsync(http, cancellationToken);
        return TypedResults.LocalRedirect(EverythingPages.Path);
    }
}

/// <summary>Begins a run, has it go on, stops it. There is one at a time: another one would pack everything twice.</summary>
internal sealed class RunOrdering(VaultDbContext db, TenantKeys keys, AuditLog audit, JobQueue queue, TimeProvider time)
{
    /// <summary>Nothing where one is running: the page shows that one.</summary>
    public async Task BeginAsync(HttpContext http, AskedTerms terms, CancellationToken cancellationToken)
    {
        var asker = ExportOrdering.Asker(terms.For([], time.Now()), http);
        var (id, recipient) = (Guid.CreateVersion7(), terms.Recipient.Trim());
        using var key = await keys.DataKeyAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.EverythingRuns.AnyAsync(run => run.State == RunState.Running, cancellationToken))
            return;
        db.EverythingRuns.Add(new EverythingRun
        {
            TenantId = db.TenantId,
            Id = id,
            For = asker.For,
            Recipient = SealedText.Seal(key, db.TenantId, id, EverythingRun.RecipientColumn, recipient),
            MemberId = asker.MemberId,
            SessionId = asker.SessionId,
            TokenId = asker.TokenId,
            CreatedAt = time.Now(),
            LicensedUntil = terms.LicensedUntil(time.Now()),
            State = RunState.Running,
            Round = 1,
        });
        await TellAsync(TakeEverything.Begun, http, [("recipient", recipient), ("for", asker.For.Name()), ("round", "1")], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Nudge<AdvanceRunJob>(db.TenantId, id);
    }

    /// <summary>In the name of who asks now, with another round: what was refused, failed or went unfetched is looked at once more.</summary>
    /// <returns>False where its licence has ended: packages that nobody may use any more serve nobody.</returns>
    public async Task<bool> GoOnAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using var key = await keys.DataKeyAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await NewestAsync(cancellationToken) is not { State: not RunState.Running } run)
            return true;
        if (run.LicensedUntil <= time.Now())
            return false;
        var asker = ExportOrdering.Asker(new ExportRequest(null, run.For.Name(), null, null, null), http);
        (run.State, run.Round, run.ClaimedUntil) = (RunState.Running, run.Round + 1, null);
        (run.MemberId, run.SessionId, run.TokenId) = (asker.MemberId, asker.SessionId, asker.TokenId);
        var recipient = run.Recipient.Open(key, run.TenantId, run.Id, EverythingRun.RecipientColumn);
        await TellAsync(TakeEverything.Begun, http, [("recipient", recipient), ("for", run.For.Name()), ("round", run.Round.ToString(System.Globalization.CultureInfo.InvariantCulture))], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Nudge<AdvanceRunJob>(db.TenantId, run.Id);
        return true;
    }

    /// <summary>No further package is asked for; what is packed or being packed stays until it is ended.</summary>
    public async Task StopAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await NewestAsync(cancellationToken) is not { State: RunState.Running } run)
            return;
        run.State = RunState.Stopped;
        await TellAsync(TakeEverything.Stopped, http, [], cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private Task<EverythingRun?> NewestAsync(CancellationToken cancellationToken) => db.EverythingRuns.OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id).FirstOrDefaultAsync(cancellationToken);

    private async Task TellAsync(string type, HttpContext http, IReadOnlyList<(string, string?)> fields, CancellationToken cancellationToken) =>
        await audit.AppendAsync(new AuditEntry(type, http.Actor(), AuditTargetKind.Tenant, db.TenantId) { Fields = fields }, cancellationToken);
}
