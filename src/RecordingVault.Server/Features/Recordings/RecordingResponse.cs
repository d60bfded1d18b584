using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Recordings;

internal sealed record RecordingResponse(
    Guid Id, string Title, DateTimeOffset? RecordedAt, DateTimeOffset? UploadedAt, double? DurationSeconds, long SizeInBytes, string State,
    string UsageTag, string Label, IReadOnlyList<ParticipantResponse> Participants, IReadOnlyList<AssetResponse> Assets, DateTimeOffset CreatedAt)
{
    /// <summary>SHA-256 of the original's content, lower-case hex; null until a job has read it whole.</summary>
    public string? ContentSha256 { get; init; }

    /// <summary>When it was put into the trash; null outside.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>An earlier recording of the same file, until somebody says that both are wanted.</summary>
    public Guid? DuplicateOf { get; init; }

    /// <summary>Since when part of what is stored of it is known to be damaged; null while all is well.</summary>
    public DateTimeOffset? DamagedSince { get; init; }
}

internal sealed record ParticipantResponse(Guid Id, string Name, string? Email);

internal sealed record AssetResponse(Guid Id, string Role, string MediaType, long SizeInBytes);

/// <summary>Opens rows for their readers: each recording's words under its own key.</summary>
internal sealed class RecordingReading(VaultDbContext db, TenantKeys keys, Duplicates duplicates)
{
    /// <summary>The recording, or null where the tenant has none of this id.</summary>
    public async Task<RecordingResponse?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken);
        return recording is null ? null : (await OpenAsync([recording], cancellationToken))[0];
    }

    public async Task<IReadOnlyList<RecordingResponse>> OpenAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken)
    {
        var ids = recordings.Select(recording => recording.Id).ToList();
        var people = (await db.Participants.AsNoTracking().Where(person => ids.Contains(person.RecordingId)).OrderBy(person => person.Id).ToListAsync(cancellationToken)).ToLookup(person => person.RecordingId);
        var assets = (await db.RecordingAssets.AsNoTracking().Where(asset => ids.Contains(asset.RecordingId)).OrderBy(asset => asset.Id).ToListAsync(cancellationToken)).ToLookup(asset => asset.RecordingId);
        var same = await duplicates.FindAsync(ids, cancellationToken);
        await keys.OpenRecordingKeysAsync(ids, cancellationToken);
        var opened = new List<RecordingResponse>(recordings.Count);
        foreach (var recording in recordings)
        {
            using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
            opened.Add(new RecordingResponse(
                recording.Id,
                recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn),
                recording.RecordedAt,
                recording.UploadedAt,
                recording.DurationSeconds,
                recording.SizeInBytes,
                recording.State.Name(),
                recording.UsageTag.Name(),
                recording.Label.Name(),
                [.. people[recording.Id].Select(person => new ParticipantResponse(
                    person.Id,
                    person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
                    person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn)))],
                [.. assets[recording.Id].Select(asset => new AssetResponse(asset.Id, asset.Role.ApiName(), asset.MediaType, asset.SizeInBytes))],
                recording.CreatedAt)
            {
                ContentSha256 = assets[recording.Id].FirstOrDefault(asset => asset.Role == ObjectRole.OriginalSegment) is { ContentDigest: { } digest } original
                    ? digest.Open(key, original.TenantId, original.Id, RecordingAsset.ContentDigestColumn)
                    : null,
                TrashedAt = recording.TrashedAt,
                DamagedSince = recording.DamagedSince,
                DuplicateOf = same.TryGetValue(recording.Id, out var earlier) ? earlier : null,
            });
        }

        return opened;
    }
}

/// <summary>The words of the API for our enumerations (design.md, section 8).</summary>
internal static class RecordingNames
{
    public static string Name(this RecordingState state) => state switch
    {
        RecordingState.Receiving => "receiving",
        RecordingState.Ready => "ready",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Name(this ConfidentialityLabel label) => label.ToString().ToLowerInvariant();

    public static string ApiName(this ObjectRole role) => role switch
    {
        ObjectRole.OriginalSegment => "original",
        ObjectRole.Captions => "captions",
        ObjectRole.Transcript => "transcript",
        ObjectRole.Chat => "chat",
        ObjectRole.Rendition => "rendition",
        ObjectRole.Poster => "poster",
        _ => role.ToString().ToLowerInvariant(),
    };
}
