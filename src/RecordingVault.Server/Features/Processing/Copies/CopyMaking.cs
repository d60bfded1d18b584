using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>
/// Makes the copy of one link: encodes the film with the words drawn onto it, seals it as it flows, and makes of the copy what every file needs to leave: a layout and a signed front.
/// Killed anywhere, the next run begins anew, and a sweep takes what was left.
/// </summary>
internal sealed class CopyMaking(
    VaultDbContext db, TenantKeys keys, SealedStore store, MediaSandbox sandbox, CopyRows rows, WorkPulse pulse, UsageReading usage, IStoredLayouts layouts, FrontMaking fronts, PublicAddress address)
{
    public async Task RunAsync(Guid copyId, CancellationToken cancellationToken)
    {
        if (!await sandbox.CanDrawAsync() || await rows.ClaimAsync(copyId, cancellationToken) is not { } claim)
            return;
        try
        {
            using var key = await keys.RecordingKeyAsync(claim.Copy.RecordingId, cancellationToken);
            await MakeAsync(claim, key, cancellationToken);
        }
        catch (MediaFailedException failed)
        {
            await rows.FailAsync(claim, failed.Failure.Slug(), cancellationToken);
        }
        catch (Exception gone) when (gone is RecordingGoneException or ClaimLostException)
        {
            // There is nobody to make it for, or it is to say something else by now: the row says which.
        }
        catch
        {
            // The machine's fault, or the end of this process: a sweep comes back to it.
            await rows.ReleaseAsync(claim, isStopped: cancellationToken.IsCancellationRequested, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The facts that a copy of a recording has to say; null while nothing has come.</summary>
    public static async Task<CopyFacts?> FactsAsync(VaultDbContext db, Recording recording, UsageTag tag, CancellationToken cancellationToken)
    {
        var main = await db.RecordingAssets.Where(asset => asset.RecordingId == recording.Id && asset.Role == ObjectRole.OriginalSegment).OrderBy(asset => asset.Id)
            .Select(asset => (Guid?)asset.Id).FirstOrDefaultAsync(cancellationToken);
        return main is { } source ? new CopyFacts(source, tag.Name, recording.Label.Name()) : null;
    }

    /// <summary>Deletes objects of a copy, of which some may be gone.</summary>
    public static async Task DeleteAsync(SealedStore store, RecipientCopy copy, IEnumerable<(ObjectRole Role, Guid ObjectId)> objects, CancellationToken cancellationToken)
    {
        foreach (var (role, objectId) in objects)
            await store.DeleteSegmentAsync(copy.TenantId, copy.RecordingId, role, objectId, cancellationToken);
    }

    /// <summary>What was made before; null for none, and where its row is damaged: then it is made anew, and a sweep finds what lies there still.</summary>
    public static CopyParts? BeforeOf(RecipientCopy copy, OwnerKey key)
    {
        try
        {
            return CopyParts.Of(copy, key);
        }
        catch (SealedFormatException)
        {
            return null;
        }
    }

    private async Task MakeAsync(CopyClaim claim, OwnerKey key, CancellationToken cancellationToken)
    {
        var copy = claim.Copy;
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == copy.RecordingId && !recording.IsBeingDestroyed, cancellationToken) ?? throw new RecordingGoneException();
        var tag = (await usage.OfAsync(recording, cancellationToken)).Tag;
        var facts = await FactsAsync(db, recording, tag, cancellationToken) ?? throw new RecordingGoneException();
        var before = BeforeOf(copy, key);
        CopyParts? made = null;
        var percent = () => 0;
        // A name that is changed, or a mark that is taken away, ends the run within a second: a long film would be encoded for nobody, and the next one waits for its place.
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await pulse.DuringAsync(
                copy.TenantId,
                async (services, token) =>
                {
                    if (!await services.GetRequiredService<CopyRows>().ProgressAsync(claim, percent(), token))
                        await lost.CancelAsync();
                },
                async () =>
                {
                    // Where only its front is outdated, as after a change of the vault's address, the film is not encoded again.
                    var (file, layout) = before is not null && facts.Hold(copy) ? (before.File, before.Layout)
                        : await EncodeAsync(copy, recording, facts, tag, key, told => percent = told, lost.Token);
                    made = await SignAsync(file, layout, tag, key, lost.Token);
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && lost.IsCancellationRequested)
        {
            throw new ClaimLostException();
        }

        try
        {
            await rows.FinishAsync(claim, made!, facts, key, cancellationToken);
        }
        catch (ClaimLostException)
        {
            await DeleteAsync(store, copy, made!.Objects().Except(before?.Objects() ?? []), cancellationToken);
            throw;
        }

        await DeleteAsync(store, copy, (before?.Objects() ?? []).Except(made!.Objects()), cancellationToken);
    }

    private async Task<(ManifestAsset File, ManifestAsset Layout)> EncodeAsync(
        RecipientCopy copy, Recording recording, CopyFacts facts, UsageTag tag, OwnerKey key, Action<Func<int>> tell, CancellationToken cancellationToken)
    {
        var original = await db.RecordingAssets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Id == facts.Source, cancellationToken) ?? throw new RecordingGoneException();
        if (Demuxer.For(original.MediaType) is not { } demuxer)
            throw new MediaFailedException(MediaFailure.NotMedia);
        var manifest = await store.OpenManifestAsync(key, recording.Manifest ?? throw new RecordingGoneException(), cancellationToken);
        using var reader = store.OpenAsset(key, copy.TenantId, copy.RecordingId, manifest.Assets.SingleOrDefault(asset => asset.Id == original.Id) ?? throw new RecordingGoneException());
        await using var desk = await MediaDesk.OpenAsync(reader, demuxer, cancellationToken);
        tell(() => desk.Percent);
        desk.Part = (0, 0);
        var found = await desk.ProbeAsync(cancellationToken);
        if (found.Video is not { } video)
            throw new MediaFailedException(MediaFailure.NoPicture);
        // What was found before, where the file itself does not say how long it lasts.
        var told = await db.AssetProcessings.AsNoTracking().Where(row => row.Id == original.Id).Select(row => row.DurationSeconds).SingleOrDefaultAsync(cancellationToken);
        var length = RunLimits.LengthOf(found.Duration ?? (told is { } seconds ? TimeSpan.FromSeconds(seconds) : null), original.SizeInBytes);
        var words = CopyWords.Of(recording.Label, tag, copy.Language, copy.Recipient.Open(key, copy.TenantId, copy.Id, RecipientCopy.RecipientColumn));
        var drawing = CopyDrawing.Of(video, words, copy.HasSlate, copy.HasCorner);
        var most = (4 * original.SizeInBytes) + (1L << 30);
        ManifestAsset? file = null;
        desk.Part = (0, 95);
        await desk.RunAsync(
            drawing.Output,
            async (stream, token) => file = await store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Rendition, CopyDrawing.MediaType, new BoundedStream(stream, most), token),
            RunLimits.ForEncoding(length), cancellationToken, words: drawing.Words);
        if (file is not { Length: > 0 })
            throw new MediaFailedException(MediaFailure.Broken);
        tell(() => 95);
        return (file, await LayOutAsync(file, key, cancellationToken));
    }

    private async Task<ManifestAsset> LayOutAsync(ManifestAsset file, OwnerKey key, CancellationToken cancellationToken)
    {
        using var reader = store.OpenAsset(key, key.TenantId, key.OwnerId, file);
        using var bytes = new AssetBytes(reader);
        var outcome = await LayoutWriter.MakeAsync(bytes, file.MediaType, LayoutMaking.StatementOf(address, key.TenantId), cancellationToken);
        return outcome.Stored is { } laid
            ? await store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Layout, LayoutMedia.LaidOut, new MemoryStream(laid), cancellationToken)
            : throw new MediaFailedException(MediaFailure.Broken);
    }

    private async Task<CopyParts> SignAsync(ManifestAsset file, ManifestAsset layout, UsageTag tag, OwnerKey key, CancellationToken cancellationToken)
    {
        var plain = await layouts.OpenAsync(key, layout, tag, cancellationToken);
        var parts = new CopyParts(file, layout) { PlainDigest = plain.Digest.ToArray() };
        if (await fronts.SignAsync(key, file, layout, plain, cancellationToken) is not { } signed)
            return parts;
        var front = await store.PutWholeAsync(key, ObjectRole.MarkedFront, new MemoryStream(signed.Front.ToArray(), writable: false), cancellationToken);
        return parts with { FrontId = front.ObjectId, FrontDigest = SHA256.HashData(signed.Front.Span), FileDigest = signed.Digest };
    }
}
