using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>The rows that go along with files, in the running transaction: what stands sealed in them is opened with the one key and sealed with the other.</summary>
internal sealed class MovedWords(VaultDbContext db, ProcessingClaims claims)
{
    /// <summary>The film that plays; null where there is none.</summary>
    public Task<Guid?> MainAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId && asset.Role == ObjectRole.OriginalSegment)
            .OrderBy(asset => asset.Id).Select(asset => (Guid?)asset.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Whether something is being made of a file of the move just now.</summary>
    public Task<bool> AreBeingMadeFromAsync(Guid moveId, CancellationToken cancellationToken)
    {
        var over = claims.OverBefore;
        return db.AssetProcessings.AnyAsync(row => row.ClaimedUntil != null && row.ClaimedUntil >= over && db.MovedAssets.Any(asset => asset.MoveId == moveId && asset.OldId == row.Id), cancellationToken);
    }

    /// <summary>Replaces the files' rows by those of the other recording.</summary>
    /// <param name="places">New id by old id, for all that move.</param>
    /// <returns>Bytes of what came in, without what was made of it; null when somebody is making something of one of them just now.</returns>
    public async Task<long?> MoveAssetsAsync(IReadOnlyDictionary<Guid, Guid> places, OwnerKey oldKey, OwnerKey newKey, CancellationToken cancellationToken)
    {
        var oldIds = places.Keys.ToList();
        var making = await db.AssetProcessings.AsNoTracking().Where(row => oldIds.Contains(row.Id)).ToListAsync(cancellationToken);
        var over = claims.OverBefore;
        // Whoever claims one in this moment waits for the row, and then finds none.
        if (await db.AssetProcessings.Where(row => oldIds.Contains(row.Id) && (row.ClaimedUntil == null || row.ClaimedUntil < over)).ExecuteDeleteAsync(cancellationToken) < making.Count)
            return null;
        var assets = await db.RecordingAssets.AsNoTracking().Where(asset => oldIds.Contains(asset.Id)).ToListAsync(cancellationToken);
        await db.RecordingAssets.Where(asset => oldIds.Contains(asset.Id)).ExecuteDeleteAsync(cancellationToken);
        db.RecordingAssets.AddRange(assets.Select(asset => Moved(asset, places, oldKey, newKey)));
        db.AssetProcessings.AddRange(making.Select(row => Moved(row, places[row.Id], oldKey, newKey)));
        return assets.Where(asset => asset.DerivedFrom is null).Sum(asset => asset.SizeInBytes);
    }

    /// <summary>Who was recorded in files that come, and is not named yet: what somebody agreed to hangs on the people.</summary>
    /// <param name="without">Who of them does not come.</param>
    /// <returns>By their ids here the ids they get there; null where there would be more than a recording may name.</returns>
    public async Task<IReadOnlyDictionary<Guid, Guid>?> CopyPeopleAsync(
        Guid fromId, Guid toId, OwnerKey oldKey, OwnerKey newKey, DateTimeOffset now, CancellationToken cancellationToken, IReadOnlyList<Guid>? without = null)
    {
        var named = (await db.Participants.AsNoTracking().Where(person => person.RecordingId == toId).ToListAsync(cancellationToken)).Select(person => Opened(person, newKey)).ToHashSet();
        var left = without ?? [];
        var copied = new Dictionary<Guid, Guid>();
        foreach (var person in await db.Participants.AsNoTracking().Where(person => person.RecordingId == fromId && !left.Contains(person.Id)).OrderBy(person => person.Id).ToListAsync(cancellationToken))
        {
            var (name, email) = Opened(person, oldKey);
            if (!named.Add((name, email)))
                continue;
            if (named.Count > PersonRequest.MostPeople)
                return null;
            // Behind those who are named there, in the order in which they were named here.
            var id = copied[person.Id] = Guid.CreateVersion7(now.AddMilliseconds(named.Count));
            db.Participants.Add(new Participant
            {
                TenantId = person.TenantId,
                Id = id,
                RecordingId = toId,
                Name = SealedText.Seal(newKey, person.TenantId, id, Participant.NameColumn, name),
                Email = email is null ? null : SealedText.Seal(newKey, person.TenantId, id, Participant.EmailColumn, email),
                Source = person.Source,
            });
        }

        return copied;
    }

    /// <summary>Length and state of a recording, when another film plays there than before. Reads what the transaction has saved.</summary>
    public async Task TakeFactsAsync(Recording recording, CancellationToken cancellationToken)
    {
        var main = await MainAsync(recording.Id, cancellationToken);
        var row = await db.AssetProcessings.AsNoTracking().SingleOrDefaultAsync(row => row.Id == main, cancellationToken);
        recording.DurationSeconds = row?.DurationSeconds;
        recording.Judge(isFailed: row?.State == ProcessingState.Failed);
    }

    public static (string Name, string? Email) Opened(Participant person, OwnerKey key) => (
        person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
        person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn));

    private static RecordingAsset Moved(RecordingAsset asset, IReadOnlyDictionary<Guid, Guid> places, OwnerKey oldKey, OwnerKey newKey)
    {
        var id = places[asset.Id];
        return new RecordingAsset
        {
            TenantId = asset.TenantId,
            Id = id,
            RecordingId = newKey.OwnerId,
            Role = asset.Role,
            MediaType = asset.MediaType,
            SizeInBytes = asset.SizeInBytes,
            FileName = Anew(asset.FileName, RecordingAsset.FileNameColumn),
            DerivedFrom = asset.DerivedFrom is { } from ? places.GetValueOrDefault(from, from) : null,
            Language = asset.Language,
            ContentDigest = Anew(asset.ContentDigest, RecordingAsset.ContentDigestColumn),
            ContentKey = asset.ContentKey,
        };

        SealedText? Anew(SealedText? text, string column) =>
            text is { } old ? SealedText.Seal(newKey, asset.TenantId, id, column, old.Open(oldKey, asset.TenantId, asset.Id, column)) : null;
    }

    private static AssetProcessing Moved(AssetProcessing row, Guid id, OwnerKey oldKey, OwnerKey newKey) => new()
    {
        TenantId = row.TenantId,
        Id = id,
        RecordingId = newKey.OwnerId,
        State = row.State == ProcessingState.Running ? ProcessingState.Waiting : row.State,
        Failure = row.Failure,
        Percent = row.Percent,
        Tries = row.Tries,
        NotBefore = row.NotBefore,
        NeedsRendition = row.NeedsRendition,
        DurationSeconds = row.DurationSeconds,
        Width = row.Width,
        Height = row.Height,
        VideoCodec = row.VideoCodec,
        SoundCodec = row.SoundCodec,
        BeganAt = row.BeganAt,
        SheetStepSeconds = row.SheetStepSeconds,
        SheetColumns = row.SheetColumns,
        Chapters = row.Chapters is { } chapters
            ? SealedText.Seal(newKey, row.TenantId, id, AssetProcessing.ChaptersColumn, chapters.Open(oldKey, row.TenantId, row.Id, AssetProcessing.ChaptersColumn)) : null,
    };
}
