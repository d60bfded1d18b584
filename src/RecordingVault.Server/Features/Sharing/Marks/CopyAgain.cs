using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing.Links;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing.Marks;

/// <summary>POST /shares/{id}/copy: makes the copy of a link once more, after it failed or was found damaged.</summary>
internal static class CopyAgain
{
    private static readonly Problem s_noMark = new("no-visible-mark", 409, "This link has no visible mark, so no copy is made for it. Give it one first.");
    private static readonly Problem s_underWay = new("copy-under-way", 409, "The copy of this link is being made, or waits for its turn. Nothing has to be begun anew.");

    public static async Task<Results<Accepted, ProblemHttpResult>> Handle(Guid id, HttpContext http, Again again, CancellationToken cancellationToken) =>
        await again.RunAsync(id, MemberPass.Of(http), http.Actor(), cancellationToken) is { } problem ? problem.ToResult() : TypedResults.Accepted((string?)null);

    /// <summary>The same for the page's form; asked twice, it leads back to the page as well.</summary>
    public static async Task<IResult> HandleForm(Guid id, HttpContext http, Again again, CancellationToken cancellationToken) =>
        await again.RunAsync(id, MemberPass.Of(http), http.Actor(), cancellationToken) == Problem.NotFound ? new NoSuchPage() : TypedResults.LocalRedirect(ShowLink.PathOf(id));

    internal sealed class Again(VaultDbContext db, VisibleMarks marks, SharerStanding sharers, AuditLog audit)
    {
        public async Task<Problem?> RunAsync(Guid id, MemberPass pass, Actor actor, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (!await sharers.IsGoodAsync(pass, cancellationToken))
                return Problem.Unauthorized;
            if (!await db.Shares.AnyAsync(share => share.Id == id && db.Recordings.Any(recording => recording.Id == share.RecordingId && !recording.IsBeingDestroyed), cancellationToken))
                return Problem.NotFound;
            if (await marks.FindAsync(id, cancellationToken) is null)
                return s_noMark;
            if (!await marks.BeginAnewAsync(id, cancellationToken))
                return s_underWay;
            // Whoever is shown the present one is shown nothing from here on, until the next is there.
            await audit.AppendAsync(new AuditEntry("share.copy-begun-anew", actor, AuditTargetKind.Share, id) { ChangesPermission = true }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return null;
        }
    }
}
