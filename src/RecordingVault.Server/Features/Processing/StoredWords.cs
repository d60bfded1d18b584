using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>Opens the sealed words of one recording for search. They come from the store, and go nowhere but into the index.</summary>
internal sealed class StoredWords(VaultDbContext db, TenantKeys keys, SealedStore store) : IStoredWords
{
    public async Task<string?> OpenAsync(Guid recordingId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken)
    {
        try
        {
            var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken);
            if (recording?.Manifest is not { } commit)
                return null;
            using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
            var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
            var words = new StringBuilder();
            foreach (var asset in manifest.Assets.Where(asset => asset.Role == ObjectRole.SearchWords && assetIds.Contains(asset.Id)))
            {
                using var reader = store.OpenAsset(key, recording.TenantId, recordingId, asset);
                if (reader.Length is 0 or > SpokenWords.MostCharacters * 4)
                    continue;
                await using var whole = await reader.OpenRangeAsync(0, reader.Length, cancellationToken);
                using var bytes = new MemoryStream();
                await whole.CopyToAsync(bytes, cancellationToken);
                words.Append(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length)).Append(' ');
            }

            return words.ToString();
        }
        catch (Exception gone) when (gone is KeyDestroyedException or SealedFormatException)
        {
            // Destroyed since it was listed, or damaged, of which whoever plays or verifies it is told: a search goes on without it.
            return null;
        }
    }
}
