using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Processing;

/// <summary>POST /recordings/{id}/processing: tries once more what failed.</summary>
internal static class ProcessAgain
{
    private static readonly Problem NothingFailed = new("nothing-failed", 409, "Nothing of this recording has failed: there is nothing to try again.");

    public static async Task<Results<Accepted, ProblemHttpResult>> Handle(Guid id, HttpContext http, Retry retry, CancellationToken cancellationToken) =>
        await retry.RunAsync(id, http.Actor(), cancellationToken) is { } problem ? problem.ToResult() : TypedResults.Accepted((string?)null);

    /// <summary>The same for the page's form; asked twice, it leads back to the page as well.</summary>
    public static async Task<IResult> HandleForm(Guid id, HttpContext http, Retry retry, CancellationToken cancellationToken) =>
        await retry.RunAsync(id, http.Actor(), cancellationToken) == Problem.NotFound ? new NoSuchPage() : TypedResults.LocalRedirect($"/recordings/{id}");

    internal sealed class Retry(VaultDbContext db, ProcessingRows rows, AuditLog audit, JobQueue jobs)
    {
        public async Task<Problem?> RunAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
                return Problem.NotFound;
            if (!await rows.BeginAnewAsync(id, cancellationToken))
                return NothingFailed;
            await audit.AppendAsync(new AuditEntry("processing.begun-anew", actor, AuditTargetKind.Recording, id), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            jobs.Nudge<ProcessJob>(db.TenantId, id);
            return null;
        }
    }
}
