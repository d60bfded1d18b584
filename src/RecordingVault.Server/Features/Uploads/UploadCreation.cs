using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>An upload as it is asked for.</summary>
internal sealed record NewUpload(UploadMetadata Metadata, long? Length, Guid MemberId, Guid? TokenId, Actor Actor);

/// <summary>Begins an upload: its recording where it names none, its row and both events, in one transaction. The recording is in lists from here on.</summary>
internal sealed class UploadCreation(VaultDbContext db, RecordingCreation recordings, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const int MostOpenUploads = 64;
    private const int MostAssets = 4_096;
    private const long LargestRecording = 256L * 1024 * 1024 * 1024;

    public async Task<(Upload? Upload, Problem? Problem)> CreateAsync(NewUpload wanted, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var uploadId = Guid.CreateVersion7();
        // First of all: the event takes the tenant's lock, so that what is counted below is counted by one creation at a time.
        await audit.AppendAsync(new AuditEntry("upload.created", wanted.Actor, AuditTargetKind.Upload, uploadId), cancellationToken);
        if (await CheckOpenUploadsAsync(wanted.MemberId, cancellationToken) is { } tooMany)
            return (null, tooMany);
        if (wanted.Metadata.RecordingId is { } named && await CheckRecordingAsync(named, wanted, cancellationToken) is { } unfit)
            return (null, unfit);

        var upload = await AddAsync(uploadId, wanted, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (upload, null);
    }

    private async Task<Problem?> CheckOpenUploadsAsync(Guid memberId, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var open = await db.Uploads.CountAsync(upload => upload.MemberId == memberId && upload.State == UploadState.Receiving && upload.ExpiresAt > now, cancellationToken);
        return open >= MostOpenUploads ? UploadProblems.TooManyUploads : null;
    }

    private async Task<Problem?> CheckRecordingAsync(Guid recordingId, NewUpload wanted, CancellationToken cancellationToken)
    {
        if (await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken) is not { } recording)
            return Problem.NotFound;
        if (wanted.Metadata.Tag is { } tag && tag != recording.UsageTag)
            return Problem.Invalid("tag", "the recording has another one, which an upload does not change.");
        if (wanted.Metadata.Label is { } label && label != recording.Label)
            return Problem.Invalid("label", "the recording has another one, which an upload does not change.");
        var coming = await db.Uploads.Where(upload => upload.RecordingId == recordingId && upload.State == UploadState.Receiving)
            .Select(upload => upload.DeclaredLength ?? upload.ReceivedBytes).ToListAsync(cancellationToken);
        var assets = await db.RecordingAssets.CountAsync(asset => asset.RecordingId == recordingId, cancellationToken) + coming.Count;
        return assets >= MostAssets || recording.SizeInBytes + coming.Sum() + (wanted.Length ?? 0) > LargestRecording ? UploadProblems.RecordingFull : null;
    }

    private async Task<Upload> AddAsync(Guid uploadId, NewUpload wanted, CancellationToken cancellationToken)
    {
        var metadata = wanted.Metadata;
        var (recordingId, key) = metadata.RecordingId is { } existing
            ? (existing, await keys.RecordingKeyAsync(existing, cancellationToken))
            : await MakeRecordingAsync(wanted, cancellationToken);
        using (key)
        {
            var now = time.Now();
            var upload = new Upload
            {
                TenantId = db.TenantId,
                Id = uploadId,
                RecordingId = recordingId,
                AssetId = Guid.CreateVersion7(),
                MemberId = wanted.MemberId,
                TokenId = wanted.TokenId,
                MadeRecording = metadata.RecordingId is null,
                Role = metadata.Role.Sealed(),
                Metadata = SealedText.Seal(key, db.TenantId, uploadId, Upload.MetadataColumn, metadata.Line),
                DeclaredLength = wanted.Length,
                CreatedAt = now,
                ExpiresAt = now + Upload.Lifetime,
            };
            db.Uploads.Add(upload);
            return upload;
        }
    }

    private async Task<(Guid RecordingId, OwnerKey Key)> MakeRecordingAsync(NewUpload wanted, CancellationToken cancellationToken)
    {
        var metadata = wanted.Metadata;
        var title = metadata.Title ?? metadata.TitleOfFile ?? $"Recording {time.Now():yyyy-MM-dd HH:mm}";
        var (recording, key) = await recordings.AddAsync(
            new NewRecording(title, metadata.RecordedAt, metadata.Participants) { UsageTag = metadata.Tag ?? UsageTags.UsageTag.NoTdm, Label = metadata.Label ?? ConfidentialityLabel.Confidential },
            wanted.MemberId, wanted.Actor, cancellationToken);
        return (recording.Id, key);
    }
}
