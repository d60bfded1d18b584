using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
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

    public Problem? Check(DateTimeOffset now) =>
        ShareTerms.CheckWords(RecipientName, Note) ?? ShareTerms.CheckPasscode(Passcode) ?? ShareTerms.CheckExpiry(ExpiresAt, now);
}

internal static class CreateShare
{
    public static async Task<Results<Created<ShareResponse>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, VaultDbContext db, ShareCreation creation, ShareReading reading, TimeProvider time,
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
        var secret = SecretToken.New();
        var share = await creation.AddAsync(id, request, secret, http.User.MemberId(), http.Actor(), cancellationToken);
        var made = await reading.OpenAsync(http.Request, share, cancellationToken);
        return TypedResults.Created($"/api/v1/shares/{made.Id}", made.WithSecret(secret));
    }

    internal sealed class ShareCreation(VaultDbContext db, TenantKeys keys, Passcodes passcodes, AuditLog audit, TimeProvider time)
    {
        public async Task<Share> AddAsync(Guid recordingId, CreateShareRequest request, byte[] secret, Guid memberId, Actor actor, CancellationToken cancellationToken)
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
            };
            if (request.Passcode is { } passcode)
                share.SetPasscode(passcodes.Hash(id, passcode));

            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            db.Locators.Add(new Locator { Id = id, Kind = LocatorKind.Share, TenantId = db.TenantId });
            db.Shares.Add(share);
            await audit.AppendAsync(new AuditEntry("share.created", actor, AuditTargetKind.Share, id) { Fields = [("recipient", request.RecipientName)] }, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return share;
        }
    }
}
