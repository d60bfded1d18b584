using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Writes down what was fetched: in the release, and in the account that the asker keeps himself.</summary>
internal sealed class ReleaseCounting(VaultDbContext db, TimeProvider time)
{
    public async Task WriteAsync(ReleaseAccount account, long bytes, DateTimeOffset lastRequestAt, CancellationToken cancellationToken)
    {
        var id = account.ReleaseId;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Releases.Where(release => release.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(release => release.FetchedBytes, release => release.FetchedBytes + bytes).SetProperty(release => release.LastRequestAt, lastRequestAt),
            cancellationToken);
        if (bytes > 0 && account.IsOfTheFilm)
            await account.Asker.CountAsync(db, new SentBytes(bytes, account.AssetLength), time.Now(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
