using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Schedules;
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
internal sealed class UploadCreation(VaultDbContext db, RecordingCreation recordings, TenantKeys keys, RecordingRoom room, ScheduleMaking schedules, AuditLog audit, TimeProvider time)
{
    public const int MostOpenUploads = 64;
    public const int MostAssets = 4_096;
    public const long LargestRecording = 256L * 1024 * 1024 * 1024;

    public async Task<(Upload? Upload, Problem? Problem)> CreateAsync(NewUpload wanted, CancellationToken cancellationToken)
    {
        // Looked at once before a key is put for nothing, and once more where it counts.
        if (await CheckOpenUploadsAsync(wanted.MemberId, cancellationToken) is { } already)
            return (null, already);
        using var seed = wanted.Metadata.RecordingId is null ? await recordings.PrepareAsync(cancellationToken) : null;
        var (upload, problem) = await CommitAsync(wanted, seed, cancellationToken);
        if (upload is null && seed is not null)
            await recordings.ForgetAsync(seed, cancellationToken);
        return (upload, problem);
    }

    private async Task<(Upload? Upload, Problem? Problem)> CommitAsync(NewUpload wanted, RecordingSeed? seed, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var uploadId = Guid.CreateVersion7();
        // First of all: the event takes the tenant's lock, so that what is counted below is counted by one creation at a time.
        await audit.AppendAsync(new AuditEntry("upload.created", wanted.Actor, AuditTargetKind.Upload, uploadId), cancellationToken);
        if (await CheckOpenUploadsAsync(wanted.MemberId, cancellationToken) is { } tooMany)
            return (null, tooMany);
        if (wanted.Metadata.RecordingId is { } named && await CheckRecordingAsync(named, wanted, cancellationToken) is { } unfit)
            return (null, unfit);

        var upload = await AddAsync(uploadId, wanted, seed, cancellationToken);
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
        if (recording.TrashedAt is not null || recording.IsBeingDestroyed)
            return PlaybackProblems.InTrash;
        if (wanted.Metadata.Tag is { } tag && tag != recording.UsageTag)
            return Problem.Invalid("tag", "the recording has another one, which an upload does not change.");
        if (wanted.Metadata.Label is { } label && label != recording.Label)
            return Problem.Invalid("label", "the recording has another one, which an upload does not change.");
        if (wanted.Metadata.Retention is not null)
            return Problem.Invalid("retention", "only the upload that makes a recording says how long it is kept. An owner or admin changes that on its page.");
        return await room.FitsAsync(recordingId, files: 1, wanted.Length ?? 0, cancellationToken) ? null : UploadProblems.RecordingFull;
    }

    private async Task<Upload> AddAsync(Guid uploadId, NewUpload wanted, RecordingSeed? seed, CancellationToken cancellationToken)
    {
        if (seed is not null)
        {
            await MakeRecordingAsync(seed, wanted, cancellationToken);
            if (wanted.Metadata.Retention is { } period)
                await schedules.AddOwnAsync(seed.Id, period, wanted.MemberId, wanted.Actor, cancellationToken);
            return Add(uploadId, wanted, seed.Id, seed.Key);
        }

        var named = wanted.Metadata.RecordingId!.Value;
        using var key = await keys.RecordingKeyAsync(named, cancellationToken);
        return Add(uploadId, wanted, named, key);
    }

    private Upload Add(Guid uploadId, NewUpload wanted, Guid recordingId, OwnerKey key)
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
            MadeRecording = wanted.Metadata.RecordingId is null,
            Role = wanted.Metadata.Role.Sealed(),
            Metadata = SealedText.Seal(key, db.TenantId, uploadId, Upload.MetadataColumn, wanted.Metadata.Line),
            DeclaredLength = wanted.Length,
            CreatedAt = now,
            ExpiresAt = now + Upload.Lifetime,
        };
        db.Uploads.Add(upload);
        return upload;
    }

    private Task<Recording> MakeRecordingAsync(RecordingSeed seed, NewUpload wanted, CancellationToken cancellationToken)
    {
        var metadata = wanted.Metadata;
        var title = metadata.Title ?? metadata.TitleOfFile ?? $"Recording {time.Now():yyyy-MM-dd HH:mm}";
        return recordings.AddAsync(
            seed,
            new NewRecording(title, metadata.RecordedAt, metadata.Participants) { UsageTag = metadata.Tag ?? UsageTag.NoTdm, Label = metadata.Label ?? ConfidentialityLabel.Confidential, Source = metadata.Source },
            wanted.MemberId, wanted.Actor, cancellationToken);
    }
}
