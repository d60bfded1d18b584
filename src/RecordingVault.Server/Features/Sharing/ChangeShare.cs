using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// What is absent stays as it is; null takes a name, note or passcode away. <c>newSecret</c> makes a new address, shown this once, and the old one
/// stops: that is what "copy the link again" means. <c>state</c> is stopped or, for a link that was stopped, open.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeShareRequest(
    TextChange RecipientName, TextChange Note, TextChange Passcode, DateTimeOffset? ExpiresAt, bool? AllowDownload, string? State, bool NewSecret = false)
{
    public VisibleMarkChange VisibleMark { get; init; }

    public Problem? Check(DateTimeOffset now) =>
        ShareTerms.CheckWords(RecipientName.Value, Note.Value)
        ?? ShareTerms.CheckPasscode(Passcode.Value)
        ?? ShareTerms.CheckExpiry(ExpiresAt, now)
        ?? VisibleMark.Value?.Check()
        ?? (State is null or "open" or "stopped" ? null : Problem.Invalid("state", "give open or stopped."));

    /// <summary>Whether the link lets more through afterwards, or for longer, or without a mark that it had.</summary>
    /// <param name="mark">The one that it has; null for none.</param>
    public bool Loosens(Share share, RecipientCopy? mark) =>
        (Passcode is { IsGiven: true, Value: null } && share.PasscodeHash is not null)
        || (AllowDownload is true && !share.AllowDownload)
        || ExpiresAt > share.ExpiresAt
        || (State == "open" && share.StoppedAt is not null)
        || (VisibleMark.IsGiven && mark is not null && (VisibleMark.Value is not { } wish || (wish.Slate is false && mark.HasSlate) || (wish.Corner is false && mark.HasCorner)));

    /// <summary>What the log tells of the change: which members, never their values.</summary>
    public string Changed
    {
        get
        {
            (string Name, bool IsGiven)[] members =
            [
                ("recipientName", RecipientName.IsGiven), ("note", Note.IsGiven), ("passcode", Passcode.IsGiven), ("expiresAt", ExpiresAt is not null),
                ("allowDownload", AllowDownload is not null), ("state", State is not null), ("newSecret", NewSecret), ("visibleMark", VisibleMark.IsGiven),
            ];
            return string.Join(' ', members.Where(member => member.IsGiven).Select(member => member.Name));
        }
    }
}

internal static class ChangeShare
{
    public static async Task<Results<Ok<ShareResponse>, ProblemHttpResult>> Handle(
        Guid id, ChangeShareRequest request, HttpContext http, VaultDbContext db, ShareChange change, VisibleMarks marks, ShareReading reading, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (request.Check(time.Now()) is { } wrong)
            return wrong.ToResult();
        if (await db.Shares.SingleOrDefaultAsync(share => share.Id == id, cancellationToken) is not { } share)
            return Problem.NotFound.ToResult();
        if (request.Loosens(share, await marks.FindAsync(id, cancellationToken)) && FreshSignIn.Check(http, time.GetUtcNow()) is { } stale)
            return stale.ToResult();
        var secret = request.NewSecret ? SecretToken.New() : null;
        if (await change.ApplyAsync(share, request, secret, http, cancellationToken) is { } refusal)
            return refusal.ToResult();
        var changed = await reading.OpenAsync(http.Request, share, cancellationToken);
        return TypedResults.Ok(secret is null ? changed : changed.WithSecret(secret));
    }

    internal sealed class ShareChange(TenantKeys keys, Passcodes passcodes, ShareRecord record, VisibleMarks marks, LinkPurposes purposes, TimeProvider time)
    {
        public async Task<Problem?> ApplyAsync(Share share, ChangeShareRequest request, byte[]? secret, HttpContext http, CancellationToken cancellationToken)
        {
            var mark = await marks.FindAsync(share.Id, cancellationToken);
            var wish = request.VisibleMark.IsGiven ? request.VisibleMark.Value?.Over(mark) : mark is null ? null : new VisibleMarkRequest().Over(mark);
            var opensUp = secret is not null || request.Loosens(share, mark);
            if (opensUp && await purposes.CheckAsync(
                    http, request.AllowDownload ?? share.AllowDownload, new AuditEntry("share.changed", http.Actor(), AuditTargetKind.Share, share.Id), cancellationToken) is { } unlisted)
                return unlisted;
            if (wish is not null && mark is null && await marks.CheckAsync(share.RecordingId, cancellationToken) is { } unmarkable)
                return unmarkable;
            using var key = await keys.RecordingKeyAsync(share.RecordingId, cancellationToken);
            var recipient = request.RecipientName.IsGiven ? request.RecipientName.Value : share.RecipientName?.Open(key, share.TenantId, share.Id, Share.RecipientNameColumn);
            if (wish?.Check(recipient) is { } wrong)
                return wrong;
            SealedText? Seal(TextChange text, string column) =>
                string.IsNullOrWhiteSpace(text.Value) ? null : SealedText.Seal(key, share.TenantId, share.Id, column, text.Value.Trim());
            if (request.RecipientName.IsGiven)
                share.RecipientName = Seal(request.RecipientName, Share.RecipientNameColumn);
            if (request.Note.IsGiven)
                share.Note = Seal(request.Note, Share.NoteColumn);
            if (request.Passcode.IsGiven)
                share.SetPasscode(request.Passcode.Value is { } passcode ? passcodes.Hash(share.Id, passcode) : null);
            if (secret is not null)
                share.SetSecret(Share.HashSecret(share.Id, secret));
            // Whoever revokes a token may stop what it opened. A person's new secret shuts out whoever had the token's.
            if (opensUp && (http.User.TokenId() is not null || secret is not null))
                share.OpenedUpByTokenId = http.User.TokenId();
            share.ExpiresAt = request.ExpiresAt?.Cut() ?? share.ExpiresAt;
            share.AllowDownload = request.AllowDownload ?? share.AllowDownload;
            if (request.State == "stopped")
                share.Stop(http.User.MemberId(), time.Now());
            else if (request.State == "open")
                share.OpenAgain();
            share.Touch();
            return await record.SaveAsync(
                share, request.State == "stopped" ? "share.stopped" : "share.changed", request.Changed, MemberPass.Of(http), http.Actor(), cancellationToken,
                alongside: () => MarkAsync(share, request, mark, wish, recipient, key, cancellationToken));
        }

        /// <summary>A copy that says what it is to say is left alone.</summary>
        private async Task MarkAsync(Share share, ChangeShareRequest request, RecipientCopy? mark, MarkWish? wish, string? recipient, OwnerKey key, CancellationToken cancellationToken)
        {
            if (wish is null && mark is not null)
                await marks.TakeAwayAsync(share.Id, cancellationToken);
            else if (wish is not null && (mark is null || request.RecipientName.IsGiven || wish != new VisibleMarkRequest().Over(mark)))
                await marks.SetAsync(share, wish, recipient!, key, cancellationToken);
        }
    }

    /// <summary>Saves a changed link with its event, and has every node look again at what it is sending.</summary>
    internal sealed class ShareRecord(VaultDbContext db, AuditLog audit, SharerStanding sharers)
    {
        /// <param name="alongside">Runs inside the transaction, before it is saved.</param>
        public async Task<Problem?> SaveAsync(Share share, string type, string changed, MemberPass pass, Actor actor, CancellationToken cancellationToken, Func<Task>? alongside = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (!await sharers.IsGoodAsync(pass, cancellationToken))
                return Problem.Unauthorized;
            await audit.AppendAsync(new AuditEntry(type, actor, AuditTargetKind.Share, share.Id) { ChangesPermission = true, Fields = [("changed", changed)] }, cancellationToken);
            if (alongside is not null)
                await alongside();
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateConcurrencyException)
            {
                return Problem.ChangedMeanwhile;
            }

            await transaction.CommitAsync(cancellationToken);
            return null;
        }
    }
}
