using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Bulk;
using RecordingVault.Server.Features.Sharing.Marks;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>All optional: an empty body makes a view-only link for 14 days. A member that we don't know is refused, for it may be a mistyped restriction.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateShareRequest(string? RecipientName, DateTimeOffset? ExpiresAt, string? Passcode, bool? AllowDownload, string? Note)
{
    public static readonly CreateShareRequest Empty = new(null, null, null, null, null);

    /// <summary>Null for a link that shows the film as it is.</summary>
    public VisibleMarkRequest? VisibleMark { get; init; }

    public Problem? Check(DateTimeOffset now) =>
        ShareTerms.CheckWords(RecipientName, Note) ?? ShareTerms.CheckPasscode(Passcode) ?? ShareTerms.CheckExpiry(ExpiresAt, now) ?? VisibleMark?.Check() ?? VisibleMark?.Over(null).Check(RecipientName);
}

internal static class CreateShare
{
    public static async Task<Results<Created<ShareResponse>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, VaultDbContext db, ShareCreation creation, VisibleMarks marks, LinkPurposes purposes, ShareReading reading, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var body = await OptionalBody<CreateShareRequest>.ReadAsync(http.Request, cancellationToken);
        var request = body.Value ?? CreateShareRequest.Empty;
        if ((body.Wrong ?? request.Check(time.Now())) is { } wrong)
            return wrong.ToResult();
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { } recording)
            return Problem.NotFound.ToResult();
        if (recording.TrashedAt is not null || recording.IsBeingDestroyed)
            return PlaybackProblems.InTrash.ToResult();
        if (recording.Label == ConfidentialityLabel.Restricted)
            return PlaybackProblems.Restricted.ToResult();
        if (request.VisibleMark is not null && await marks.CheckAsync(id, cancellationToken) is { } unmarkable)
            return unmarkable.ToResult();
        if (await purposes.CheckAsync(http, request.AllowDownload is true, new AuditEntry("share.created", http.Actor(), AuditTargetKind.Recording, id), cancellationToken) is { } unlisted)
            return unlisted.ToResult();
        var secret = SecretToken.New();
        if (await creation.AddAsync(id, request, secret, MemberPass.Of(http), http.Actor(), cancellationToken) is not { } share)
            return Problem.Unauthorized.ToResult();
        var made = await reading.OpenAsync(http.Request, share, cancellationToken);
        return TypedResults.Created($"/api/v1/shares/{made.Id}", made.WithSecret(secret));
    }

    internal sealed class ShareCreation(VaultDbContext db, TenantKeys keys, Passcodes passcodes, AuditLog audit, SharerStanding sharers, VisibleMarks marks, TimeProvider time)
    {
        /// <returns>Null when his session, token or membership has ended meanwhile.</returns>
        public async Task<Share?> AddAsync(Guid recordingId, CreateShareRequest request, byte[] secret, MemberPass pass, Actor actor, CancellationToken cancellationToken)
        {
            var share = await SealAsync(recordingId, request, secret, pass.MemberId, actor, cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (!await sharers.IsGoodAsync(pass, cancellationToken))
                return null;
            await AppendAsync(share, request, actor, cancellationToken);
            if (request is { VisibleMark: { } mark, RecipientName: { } recipient })
            {
                using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
                await marks.SetAsync(share, mark.Over(null), recipient, key, cancellationToken);
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return share;
        }

        /// <summary>A link of each recording for the same person, all or none.</summary>
        /// <param name="refusals">Who stands in the way, asked inside the transaction, when its lock is held.</param>
        /// <returns>Neither links nor refusals when his session, token or membership has ended meanwhile.</returns>
        public async Task<(IReadOnlyList<Share> Shares, IReadOnlyList<BulkRefusal> Refused)> AddAllAsync(
            IReadOnlyList<(Guid RecordingId, byte[] Secret)> wanted, CreateShareRequest request, MemberPass pass, Actor actor, Func<Task<IReadOnlyList<BulkRefusal>>> refusals, CancellationToken cancellationToken)
        {
            // Looked at before keys are opened, and once more where it counts.
            if (await refusals() is { Count: > 0 } already)
                return ([], already);
            var shares = new List<Share>();
            foreach (var (recordingId, secret) in wanted)
                shares.Add(await SealAsync(recordingId, request, secret, pass.MemberId, actor, cancellationToken));
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (!await sharers.IsGoodAsync(pass, cancellationToken))
                return ([], []);
            if (await refusals() is { Count: > 0 } refused)
                return ([], refused);
            foreach (var share in shares)
                await AppendAsync(share, request, actor, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (shares, []);
        }

        private async Task<Share> SealAsync(Guid recordingId, CreateShareRequest request, byte[] secret, Guid memberId, Actor actor, CancellationToken cancellationToken)
        {
            var id = new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true);
            var now = time.Now();
            using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
            SealedText? Seal(string? text, string column) => string.IsNullOrWhiteSpace(text) ? null : SealedText.Seal(key, db.TenantId, id, column, text.Trim());
            var share = new Share
            {
                TenantId = db.TenantId,
                Id = id,
                RecordingId = recordingId,
                SecretHash = Share.HashSecret(id, secret),
                RecipientName = Seal(request.RecipientName, Share.RecipientNameColumn),
                Note = Seal(request.Note, Share.NoteColumn),
                AllowDownload = request.AllowDownload ?? false,
                ExpiresAt = request.ExpiresAt?.Cut() ?? now + ShareTerms.UsualLife,
                CreatedAt = now,
                CreatedBy = memberId,
                CreatedByTokenId = actor.Kind is AuditActorKind.Token ? actor.Id : null,
            };
            if (request.Passcode is { } passcode)
                share.SetPasscode(passcodes.Hash(id, passcode));
            return share;
        }

        private async Task AppendAsync(Share share, CreateShareRequest request, Actor actor, CancellationToken cancellationToken)
        {
            db.Locators.Add(new Locator { Id = share.Id, Kind = LocatorKind.Share, TenantId = db.TenantId });
            db.Shares.Add(share);
            await audit.AppendAsync(new AuditEntry("share.created", actor, AuditTargetKind.Share, share.Id) { Fields = [("recipient", request.RecipientName), ("visible-mark", request.VisibleMark?.Over(null).Words)] }, cancellationToken);
        }
    }
}
