using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>How a file leaves.</summary>
internal abstract record Egress
{
    /// <summary>Its kind takes no mark, or it stands beside the film and is marked where it is written anew: its answer's headers say the tag.</summary>
    internal sealed record AsItIs : Egress;

    /// <param name="Asset">The file that leaves: the one that was asked for, or the copy that was made of it to be marked.</param>
    /// <param name="Stored">Its sealed layout.</param>
    internal sealed record Marked(ManifestAsset Asset, ManifestAsset Stored, ServedMark Mark) : Egress
    {
        /// <summary>It was made for one recipient, and no manifest names it.</summary>
        public bool IsCopy { get; init; }
    }

    /// <summary>Its layout, or the front that it is kept with, is being made, in seconds; or a copy of it is encoded first, which takes as long as that takes.</summary>
    /// <param name="Unsigned">The file whose front is still to be signed; null where it waits for the rest.</param>
    internal sealed record Awaited(Guid? Unsigned = null) : Egress
    {
        public bool IsEncoded { get; init; }
    }

    /// <summary>Neither it nor a copy of it can be marked.</summary>
    internal sealed record Unmarkable : Egress;

    /// <summary>The copy that the asker is given in the place of the film can't leave now.</summary>
    internal sealed record NoCopy(Problem Why) : Egress;
}

/// <summary>Finds how a file leaves, with its front read back. It parses nothing of the file: that was done by a job, or is done now while the asker waits.</summary>
internal sealed class EgressMarks(VaultDbContext db, IStoredLayouts layouts, IStoredFronts fronts, IRecipientCopies copies, MarkShelf shelf)
{
    /// <param name="isKept">It leaves for good: then it is signed as well, where its kind can be.</param>
    /// <exception cref="MarkFailedException">The front does not say the tag in force.</exception>
    /// <exception cref="SealedFormatException">What is stored is damaged.</exception>
    public async Task<Egress> FindAsync(OwnerKey key, Manifest manifest, ManifestAsset asset, UsageTag tag, bool isKept, CancellationToken cancellationToken)
    {
        if (asset.Role is not (ObjectRole.OriginalSegment or ObjectRole.Rendition) || MarkCarriers.Of(asset.MediaType) == MarkCarrier.None)
            return new Egress.AsItIs();
        var made = await db.RecordingAssets.AsNoTracking()
            .Where(other => other.DerivedFrom == asset.Id && (other.Role == ObjectRole.Layout || other.Role == ObjectRole.Rendition))
            .OrderBy(other => other.Id).Select(other => new { other.Id, other.Role, other.MediaType }).ToListAsync(cancellationToken);
        if (made.Find(other => other.Role == ObjectRole.Layout) is not { } laid)
            return Await(asset);
        if (laid.MediaType == LayoutMedia.LaidOut)
            return Bound(manifest, laid.Id) is { } stored ? await MarkAsync(key, asset, stored, tag, isKept, cancellationToken) : new Egress.Awaited();
        if (made.Find(other => other.Role == ObjectRole.Rendition) is { } copy)
            return Bound(manifest, copy.Id) is { } copied ? await FindAsync(key, manifest, copied, tag, isKept, cancellationToken) : new Egress.Awaited();
        return asset.Role == ObjectRole.OriginalSegment && await layouts.AwaitsCopyAsync(asset.Id, cancellationToken) ? new Egress.Awaited { IsEncoded = true } : new Egress.Unmarkable();
    }

    /// <summary>The same for the copy that one recipient is given in the place of the film.</summary>
    /// <param name="named">The file that is asked for by its id; null for whichever there is.</param>
    /// <exception cref="MarkFailedException">The front does not say the tag in force.</exception>
    /// <exception cref="SealedFormatException">What is stored is damaged: it is made anew.</exception>
    public async Task<Egress> FindCopyAsync(OwnerKey key, Recording recording, Guid copyId, Guid? named, UsageTag tag, bool isKept, CancellationToken cancellationToken)
    {
        var found = await copies.FindAsync(key, recording, tag, copyId, cancellationToken);
        if (found.Copy is not ({ } parts, var front))
            return new Egress.NoCopy(found.HasFailed ? PlaybackProblems.CopyFailed : PlaybackProblems.CopyBeingMade);
        if (named is not null && named != parts.File.Id)
            return new Egress.NoCopy(Problem.NotFound);
        try
        {
            var plain = await shelf.OpenAsync(layouts, key, parts.Layout, tag, cancellationToken);
            if (!isKept)
                return new Egress.Marked(parts.File, parts.Layout, plain) { IsCopy = true };
            if (!plain.Digest.Span.SequenceEqual(parts.PlainDigest))
            {
                await copies.MakeAnewAsync(copyId, parts.File.Id, isWhole: false, cancellationToken);
                return new Egress.NoCopy(PlaybackProblems.CopyBeingMade);
            }

            return new Egress.Marked(parts.File, parts.Layout, front is null ? plain : await shelf.OpenAsync(fronts, key, parts.Layout, front, plain, cancellationToken)) { IsCopy = true };
        }
        catch (SealedFormatException)
        {
            await copies.MakeAnewAsync(copyId, parts.File.Id, isWhole: true, cancellationToken);
            throw;
        }
    }

    /// <summary>Has made what is waited for.</summary>
    public void Nudge(Guid recordingId, Egress.Awaited awaited)
    {
        if (awaited.Unsigned is { } assetId)
            fronts.Nudge(assetId);
        else
            layouts.Nudge(recordingId);
    }

    private async Task<Egress> MarkAsync(OwnerKey key, ManifestAsset asset, ManifestAsset stored, UsageTag tag, bool isKept, CancellationToken cancellationToken)
    {
        var plain = await shelf.OpenAsync(layouts, key, stored, tag, cancellationToken);
        if (!isKept || !SignedFront.Takes(asset.MediaType))
            return new Egress.Marked(asset, stored, plain);
        if (await fronts.FindAsync(key.OwnerId, asset.Id, plain, cancellationToken) is not { } front)
            return Await(asset, unsigned: asset.Id);
        return new Egress.Marked(asset, stored, front.ObjectId is null ? plain : await shelf.OpenAsync(fronts, key, stored, front, plain, cancellationToken));
    }

    private Egress.Awaited Await(ManifestAsset asset, Guid? unsigned = null) =>
        layouts.DamageOf(asset.Id) is { } failure ? throw new SealedFormatException(failure, "A file was found damaged when it was to be made ready.") : new Egress.Awaited(unsigned);

    private static ManifestAsset? Bound(Manifest manifest, Guid id) => manifest.Assets.SingleOrDefault(asset => asset.Id == id);
}

/// <summary>Lets askers wait for a layout that is being made, a moment and not many at once: who finds no place is told to come again.</summary>
internal sealed class EgressWaits : IDisposable
{
    private const int ShortLooks = 20, Looks = 40;
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim places = new(64);

    public void Dispose() => places.Dispose();

    /// <summary>Tries until there is an answer.</summary>
    /// <param name="attempt">Null while it has to wait; told whether it nudges: at once, and every few seconds once more, since a nudge may be lost.</param>
    /// <returns>Null when there was none in time.</returns>
    public async Task<T?> UntilAsync<T>(Func<bool, Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        if (await attempt(true) is { } atOnce)
            return atOnce;
        if (!await places.WaitAsync(0, cancellationToken))
            return null;
        try
        {
            // Twelve seconds in all: longer than most files take, and shorter than a player's patience.
            for (var look = 0; look < Looks; look++)
            {
                await Task.Delay(look < ShortLooks ? ShortLook : Look, cancellationToken);
                if (await attempt(look % ShortLooks == ShortLooks - 1) is { } found)
                    return found;
            }

            return null;
        }
        finally
        {
            places.Release();
        }
    }
}
