using System.Text;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>
/// Makes of each captions, transcript and chat of a recording one sealed object with its words (security.md 4), from which search puts its index together: so a
/// search reads a few kilobytes, and never a transcript.
/// </summary>
internal sealed class WordsJob(VaultDbContext db, TenantKeys keys, SealedStore store, ManifestChanges manifests) : ITenantJob
{
    public static string Name => "words";

    /// <summary>Texts whose words are not made yet.</summary>
    public static IQueryable<RecordingAsset> Due(VaultDbContext db) => db.RecordingAssets.AsNoTracking().Where(asset =>
        (asset.Role == ObjectRole.Captions || asset.Role == ObjectRole.Transcript || asset.Role == ObjectRole.Chat)
        && !db.RecordingAssets.Any(made => made.DerivedFrom == asset.Id && made.Role == ObjectRole.SearchWords));

    public async Task RunAsync(Guid subjectId, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == subjectId && !recording.IsBeingDestroyed, cancellationToken);
        var due = await Due(db).Where(asset => asset.RecordingId == subjectId).OrderBy(asset => asset.Id).Select(asset => asset.Id).ToListAsync(cancellationToken);
        if (recording?.Manifest is not { } commit || due.Count == 0)
            return;

        using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
        var manifest = await store.OpenManifestAsync(key, commit, cancellationToken);
        var made = new List<NewAsset>();
        SealedFormatException? damage = null;
        foreach (var id in due)
        {
            try
            {
                // What joined since the recording was read is the next run's.
                if (manifest.Assets.SingleOrDefault(bound => bound.Id == id) is not { } text)
                    continue;
                var words = SpokenWords.Of(await ReadAsync(key, recording, text, cancellationToken));
                var asset = await store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.SearchWords, SpokenWords.MediaType, new MemoryStream(Encoding.UTF8.GetBytes(words.Length == 0 ? " " : words)), cancellationToken);
                made.Add(new NewAsset(asset) { DerivedFrom = id });
            }
            catch (SealedFormatException found)
            {
                damage ??= found; // a file that is damaged must not keep the others from being found
            }
        }

        try
        {
            if (made.Count > 0)
                await manifests.AddAsync(recording.Id, made, key, Actor.System, () => RequireNoneAsync(made, cancellationToken), cancellationToken);
        }
        catch (RecordingGoneException)
        {
            await ForgetAsync(recording, made, cancellationToken);
            return; // destroyed or moved meanwhile: there is nobody to find it for here
        }
        catch (WordsMadeException)
        {
            await ForgetAsync(recording, made, cancellationToken);
            return; // what is still missing is the next run's
        }

        if (damage is not null)
            throw damage;
    }

    /// <summary>Inside the transaction that adds them: of two runs at once one is first, and the other's words are not kept twice.</summary>
    private async Task RequireNoneAsync(List<NewAsset> made, CancellationToken cancellationToken)
    {
        var texts = made.Select(one => one.DerivedFrom).ToList();
        if (await db.RecordingAssets.AnyAsync(asset => asset.Role == ObjectRole.SearchWords && texts.Contains(asset.DerivedFrom), cancellationToken))
            throw new WordsMadeException();
    }

    private async Task ForgetAsync(Recording recording, List<NewAsset> made, CancellationToken cancellationToken)
    {
        foreach (var segment in made.SelectMany(one => one.Asset.Segments))
            await store.DeleteSegmentAsync(recording.TenantId, recording.Id, ObjectRole.SearchWords, segment.ObjectId, cancellationToken);
    }

    private async Task<string> ReadAsync(OwnerKey key, Recording recording, ManifestAsset asset, CancellationToken cancellationToken)
    {
        using var reader = store.OpenAsset(key, recording.TenantId, recording.Id, asset);
        if (reader.Length == 0)
            return "";
        await using var part = await reader.OpenRangeAsync(0, Math.Min(reader.Length, SpokenWords.MostBytes), cancellationToken);
        using var bytes = new MemoryStream();
        await part.CopyToAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}

/// <summary>Another run was first with the words of one of the texts.</summary>
internal sealed class WordsMadeException() : Exception("The words of one of the texts are made already.");
