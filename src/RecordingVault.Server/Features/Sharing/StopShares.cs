using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// All links of one recording, or of one API token with those that it made, or to one recipient, or, with an empty body, of the tenant. A mistyped member is refused: it would stop more
/// than was meant; so is a recipient of null, which a script has of a link without a name.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StopSharesRequest(Guid? Recording, Guid? Token = null, TextChange Recipient = default)
{
    public Problem? Check() =>
        (Recording is null ? 0 : 1) + (Token is null ? 0 : 1) + (Recipient.IsGiven ? 1 : 0) > 1 ? Problem.Invalid(Token is null ? "recipient" : "token", "name a recording, a token or a recipient, and no two of them.")
        : Recipient.IsGiven && (string.IsNullOrWhiteSpace(Recipient.Value) || Recipient.Value.Length > ShareTerms.LongestRecipientName) ? Problem.Invalid("recipient", "give the name that the links carry, of at most 200 characters.")
        : null;
}

/// <param name="Stopped">How many links were open until now.</param>
internal sealed record StopSharesResponse(int Stopped);

/// <summary>Stopping never fails halfway and never asks twice: what is already stopped stays as it is.</summary>
internal static class StopShares
{
    public static async Task<Results<NoContent, ProblemHttpResult>> One(Guid id, HttpContext http, VaultDbContext db, ShareStopping stopping, CancellationToken cancellationToken)
    {
        if (!await db.Shares.AnyAsync(share => share.Id == id, cancellationToken))
            return Problem.NotFound.ToResult();
        await stopping.StopAsync(shares => shares.Where(share => share.Id == id), http.User.MemberId(), http.Actor(), cancellationToken);
        return TypedResults.NoContent();
    }

    public static async Task<Results<Ok<StopSharesResponse>, ProblemHttpResult>> Many(
        HttpContext http, VaultDbContext db, ShareStopping stopping, TokenLinks tokens, RecipientLinks recipients, CancellationToken cancellationToken)
    {
        var body = await OptionalBody<StopSharesRequest>.ReadAsync(http.Request, cancellationToken);
        if ((body.Wrong ?? body.Value?.Check()) is { } wrong)
            return wrong.ToResult();
        var recordingId = body.Value?.Recording;
        if (recordingId is { } wanted && !await db.Recordings.AnyAsync(recording => recording.Id == wanted, cancellationToken))
            return Problem.NotFound.ToResult();
        if (body.Value?.Token is { } tokenId)
        {
            if (!await db.ApiTokens.InSight(http.TokensInSight()).AnyAsync(token => token.Id == tokenId, cancellationToken))
                return Problem.NotFound.ToResult();
            return TypedResults.Ok(new StopSharesResponse(await tokens.StopAsync(tokenId, http.User.MemberId(), http.Actor(), cancellationToken)));
        }

        if (body.Value is { Recipient.Value: { } name })
            return TypedResults.Ok(new StopSharesResponse(await recipients.StopAsync(name, http.User.MemberId(), http.Actor(), cancellationToken)));
        var stopped = await stopping.StopLiveAsync(recordingId, http.User.MemberId(), http.Actor(), cancellationToken);
        return TypedResults.Ok(new StopSharesResponse(stopped));
    }

    internal sealed class ShareStopping(VaultDbContext db, AuditLog audit, TimeProvider time)
    {
        /// <summary>All that are open now, of one recording or of the tenant.</summary>
        public Task<int> StopLiveAsync(Guid? recordingId, Guid memberId, Actor actor, CancellationToken cancellationToken) =>
            StopAsync(Open(recordingId), memberId, actor, cancellationToken);

        /// <summary>How many it would stop; those of a recording in the trash too, which work again once it is taken out.</summary>
        public Task<int> CountLiveAsync(Guid? recordingId, CancellationToken cancellationToken) =>
            Open(recordingId)(db.Shares.AsNoTracking()).CountAsync(cancellationToken);

        /// <summary>What stopping all would stop, of one recording or of the tenant.</summary>
        public Func<IQueryable<Share>, IQueryable<Share>> Open(Guid? recordingId)
        {
            var now = time.Now();
            return shares => shares.Where(share => share.StoppedAt == null && share.ExpiresAt > now && (recordingId == null || share.RecordingId == recordingId));
        }

        /// <returns>How many were not stopped before.</returns>
        public async Task<int> StopAsync(Func<IQueryable<Share>, IQueryable<Share>> which, Guid memberId, Actor actor, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            // So that stopping at the same time twice counts each link once.
            await audit.TakeTurnAsync(cancellationToken);
            var stopped = await StopWithinAsync(which, memberId, actor, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return stopped;
        }

        /// <summary>The same in the running transaction, which holds the tenant's turn; the caller saves and commits.</summary>
        public async Task<int> StopWithinAsync(Func<IQueryable<Share>, IQueryable<Share>> which, Guid memberId, Actor actor, CancellationToken cancellationToken)
        {
            var ids = await which(db.Shares.Where(share => share.StoppedAt == null)).Select(share => share.Id).ToListAsync(cancellationToken);
            var now = time.Now();
            await db.Shares.Where(share => ids.Contains(share.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(share => share.StoppedAt, now).SetProperty(share => share.StoppedBy, memberId).SetProperty(share => share.Version, share => share.Version + 1),
                cancellationToken);
            foreach (var id in ids)
                await audit.AppendAsync(new AuditEntry("share.stopped", actor, AuditTargetKind.Share, id) { ChangesPermission = true }, cancellationToken);
            return ids.Count;
        }
    }
}
