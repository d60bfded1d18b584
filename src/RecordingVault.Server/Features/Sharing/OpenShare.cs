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

internal sealed record OpenShareRequest(string? Secret, string? Passcode);

/// <summary>The person pressed Open: the secret, and the passcode where there is one, against a cookie for this one link. Twice is the same as once.</summary>
internal static class OpenShare
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, OpenShareRequest request, HttpContext http, ShareDoor door, ShareTries tries, ShareOpening opening, ShareOwners owners, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await tries.TakeAsync(http, id, cancellationToken) is { } wait)
            return wait.ToResult();
        var share = await door.FindAsync(id, cancellationToken);
        if (!IsProved(id, share, request.Secret))
            return Problem.NotFound.ToResult();
        var actor = await door.ActorAsync(http, share!, cancellationToken);
        var refusal = share!.Ended(time.Now()) is { } ended
            ? await opening.RefuseAsync(share, actor, ended, cancellationToken)
            : await opening.OpenAsync(http, share, actor, request.Passcode, cancellationToken);
        // Nothing was guessed by whoever is let in, nor by who is only asked for the passcode now.
        if (refusal is null || refusal == ShareProblems.PasscodeNeeded)
            await tries.GiveBackAsync(http, id, cancellationToken);
        if (refusal is null)
            return TypedResults.NoContent();
        // The secret was proved, so the gate may say who shares what until when, and whom to ask.
        var owner = await owners.FindAsync(share, cancellationToken);
        return refusal.With(("sharedBy", owner?.Name), ("recipientName", actor.Name), ("endsAt", share.ExpiresAt)).ToResult();
    }

    /// <summary>An unknown link costs the same hash as a known one.</summary>
    private static bool IsProved(Guid id, Share? share, string? text)
    {
        var secret = SecretToken.Parse(text);
        var matches = SecretToken.Matches(Share.HashSecret(id, secret ?? new byte[SecretToken.Length]), share?.SecretHash ?? new byte[32]);
        return matches && secret is not null && share is not null;
    }

    /// <summary>Slows down who tries, per address and per link (security.md 9). A link that does not exist is slowed like one that does.</summary>
    internal sealed class ShareTries(Throttling throttling, TimeProvider time)
    {
        public async Task<Problem?> TakeAsync(HttpContext http, Guid shareId, CancellationToken cancellationToken)
        {
            if (await throttling.TryAsync([throttling.Address(http.Connection.RemoteIpAddress), throttling.Link(shareId)], cancellationToken) is not { } until)
                return null;
            http.Response.RetryAfter(until - time.Now());
            return ShareProblems.TooManyTries(until);
        }

        public async Task GiveBackAsync(HttpContext http, Guid shareId, CancellationToken cancellationToken)
        {
            await throttling.GiveBackAsync(throttling.Address(http.Connection.RemoteIpAddress), cancellationToken);
            await throttling.GiveBackAsync(throttling.Link(shareId), cancellationToken);
        }
    }

    internal sealed class ShareOpening(VaultDbContext db, AuditLog audit, Passcodes passcodes, ShareGrants grants, TimeProvider time)
    {
        /// <summary>Null when it is open now and the cookie is written; else why not.</summary>
        public async Task<Problem?> OpenAsync(HttpContext http, Share share, Actor actor, string? passcode, CancellationToken cancellationToken)
        {
            // Whoever has it open already, and sends the same again, gets the same again: no second event, no passcode tried.
            if (grants.Cookie.Read(http, share.Id) is { } grant && grant.Generation == share.Generation)
            {
                grants.Cookie.Write(http, grant);
                return null;
            }

            if (share.PasscodeHash is { } hash && await CheckPasscodeAsync(share, hash, passcode, cancellationToken) is { } wrong)
                return passcode is { Length: > 0 } ? await RefuseAsync(share, actor, wrong, cancellationToken) : wrong;
            grants.Cookie.Write(http, await GrantAsync(share, actor, cancellationToken));
            return null;
        }

        public async Task<Problem> RefuseAsync(Share share, Actor actor, Problem reason, CancellationToken cancellationToken)
        {
            await audit.WriteAsync(
                new AuditEntry("share.refused", actor, AuditTargetKind.Share, share.Id) { Outcome = AuditOutcome.Refused, Fields = [("reason", reason.Slug)] }, cancellationToken);
            return reason;
        }

        /// <summary>The try is counted in the database before it is looked at, so that tries sent at the same time count each.</summary>
        private async Task<Problem?> CheckPasscodeAsync(Share share, string hash, string? passcode, CancellationToken cancellationToken)
        {
            if (string.IsNullOrEmpty(passcode))
                return share.PasscodeTries >= Share.PasscodeTriesAllowed ? ShareProblems.PasscodeLocked : ShareProblems.PasscodeNeeded;
            var (id, generation) = (share.Id, share.Generation);
            var thisPasscode = db.Shares.Where(row => row.Id == id && row.Generation == generation);
            var counted = await thisPasscode.Where(row => row.PasscodeTries < Share.PasscodeTriesAllowed)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasscodeTries, row => row.PasscodeTries + 1), cancellationToken);
            if (counted == 0)
                return ShareProblems.PasscodeLocked;
            if (passcodes.Matches(id, passcode, hash))
            {
                await thisPasscode.ExecuteUpdateAsync(set => set.SetProperty(row => row.PasscodeTries, row => row.PasscodeTries - 1), CancellationToken.None);
                return null;
            }

            var tries = await thisPasscode.Select(row => row.PasscodeTries).SingleOrDefaultAsync(cancellationToken);
            return ShareProblems.PasscodeWrong(Math.Max(0, Share.PasscodeTriesAllowed - tries));
        }

        private async Task<LinkGrant> GrantAsync(Share share, Actor actor, CancellationToken cancellationToken)
        {
            var now = time.Now();
            var grant = new LinkGrant(share.TenantId, share.Id, Guid.CreateVersion7(), share.Generation, now);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.AppendAsync(new AuditEntry(LinkOpenings.EventType, actor, AuditTargetKind.Share, share.Id), cancellationToken);
            db.Viewings.Add(new Viewing
            {
                TenantId = share.TenantId,
                Id = Guid.CreateVersion7(),
                ShareId = share.Id,
                RecordingId = share.RecordingId,
                GrantId = grant.GrantId,
                LastSeenAt = now,
            });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return grant;
        }
    }
}
