using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>Whose files are packed, for whom, and the export's key: what is kept between two reads of a file lies under it.</summary>
internal sealed record PackingFor(MemberAsker Asker, string Recipient, OwnerKey Key);

/// <summary>A file that can be packed now, in one form whenever it is read.</summary>
/// <param name="MediaType">Of the file that leaves.</param>
/// <param name="AssetId">Of the file that leaves: the one that was asked for, or the copy that was made of it to be marked.</param>
internal sealed record ReadyFile(PackageFile File, string MediaType, IReadOnlyList<string> Carriers, Guid AssetId)
{
    /// <summary>The mark that lies beside it, read back; null where it stands in the file.</summary>
    public byte[]? Sidecar { get; init; }

    /// <summary>Its manifest store, which lies beside it, read back; null where its kind is signed in itself.</summary>
    public byte[]? Manifest { get; init; }
}

/// <summary>
/// The files of a package as they leave: each is let out by the gate whenever it is read, put together from its sealed layout, signed once where its kind can be, and read back from the
/// bytes that it will have. Between two reads nothing of it is held but its digests: its signed front lies sealed beside the package.
/// </summary>
internal sealed class PackedFiles(ReleaseGate gate, SignedFronts fronts, SealedStore store)
{
    /// <summary>The gate waits some seconds by itself for a layout that is being made; a job may wait a minute. Whatever takes longer is refused, and its recording is left out with that word: the others need not wait for it.</summary>
    public async Task<ReleaseDecision> AskAsync(PackingFor packing, Guid recordingId, AssetWish wish, CancellationToken cancellationToken)
    {
        var decision = await gate.OpenAsync(packing.Asker, recordingId, wish, ReleasePurpose.Download, packing.Recipient, cancellationToken);
        for (var tries = 0; tries < 5 && decision is ReleaseDecision.Refused { Reasons: [var reason, ..] } && reason.Slug == PlaybackProblems.BeingMarked.Slug; tries++)
            decision = await gate.OpenAsync(packing.Asker, recordingId, wish, ReleasePurpose.Download, packing.Recipient, cancellationToken);
        return decision;
    }

    /// <returns>Null where it takes no mark, or what was written does not read back: then it does not leave.</returns>
    public async Task<ReadyFile?> MakeAsync(PackingFor packing, OpenedRelease release, AssetWish wish, string name, CancellationToken cancellationToken) =>
        await MarkedAsync(packing, release, wish, name, cancellationToken) is { } ready ? await WithManifestAsync(release, ready, cancellationToken) : null;

    private Task<ReadyFile?> MarkedAsync(PackingFor packing, OpenedRelease release, AssetWish wish, string name, CancellationToken cancellationToken) => wish.Beside switch
    {
        null => FilmAsync(packing, release, wish, name, cancellationToken),
        ObjectRole.Transcript or ObjectRole.Chat => TextAsync(packing, release, wish, name, cancellationToken),
        ObjectRole.Captions => BesideAsync(packing, release, wish, Path.ChangeExtension(name, ".vtt"), "text/vtt", CarrierNames.Vtt, cancellationToken),
        _ => BesideAsync(packing, release, wish, Path.ChangeExtension(name, ".jpg"), "image/jpeg", CarrierNames.Xmp, cancellationToken),
    };

    /// <summary>Of a kind that is not signed in itself: signed beside it, for the bytes that were measured. Where its own manifest can't be carried on it has its mark alone; where ours does not read back, it does not leave.</summary>
    private async Task<ReadyFile?> WithManifestAsync(OpenedRelease release, ReadyFile ready, CancellationToken cancellationToken)
    {
        if (!DetachedManifest.IsFor(ready.MediaType))
            return ready;
        var sha256 = ready.File.Digests.Sha256;
        using var original = release.Bytes.AsItCame();
        if (await fronts.MakeBesideAsync(original, sha256, ready.MediaType, ready.Sidecar is not null, release.Tag, cancellationToken) is not { } signed)
            return ready;
        return DetachedManifest.IsExactly(signed.Store, sha256, release.Tag, signed.Certificate) ? ready with { Manifest = signed.Store } : null;
    }

    private async Task<ReadyFile?> FilmAsync(PackingFor packing, OpenedRelease release, AssetWish wish, string name, CancellationToken cancellationToken)
    {
        if (release.Mark is not { Layout.Carrier: var carrier })
            return release.IsUnmarked ? null : await WithSidecarAsync(packing, release, wish, name, release.Asset.MediaType, cancellationToken);
        using var file = release.Bytes.AsSource();
        using var original = release.Bytes.AsItCame();
        if (file.Place is not { } place || await fronts.MakeAsync(place, original, release.Asset.MediaType, release.Tag, cancellationToken) is not { } signed)
        {
            if (!MarkedFront.IsExactly(await FileMarks.FindAsync(file, release.Asset.MediaType, cancellationToken), release.Tag))
                return null;
            return Ready(packing, release, wish, name, await MeasureAsync(file, null, cancellationToken), null, release.Asset.MediaType, [carrier.Name()]);
        }

        var whole = place.With(signed.Front);
        using var check = await SignedCheck.BeginAsync(whole, release.Asset.MediaType, release.Tag, signed.Certificate, cancellationToken);
        if (check is null || await MeasureAsync(whole, check, cancellationToken) is not { } digests || !check.IsBound())
            return null;
        // Signed once: the same signature can't be made again, and every read has to give the same bytes.
        var kept = await store.PutWholeAsync(packing.Key, ObjectRole.ExportPackage, new MemoryStream(signed.Front.ToArray(), writable: false), cancellationToken);
        return Ready(packing, release, wish, name, digests, kept.ObjectId, release.Asset.MediaType, [carrier.Name(), CarrierNames.C2pa]);
    }

    /// <summary>Of a kind that has no place for a mark: the file as it lies there, and the mark in one of its own.</summary>
    private async Task<ReadyFile?> WithSidecarAsync(PackingFor packing, OpenedRelease release, AssetWish wish, string name, string mediaType, CancellationToken cancellationToken)
    {
        if (Sidecars.Xmp(mediaType, new XmpMark(release.Tag)) is not { } mark)
            return null;
        using var file = release.Bytes.AsSource();
        return Ready(packing, release, wish, name, await MeasureAsync(file, null, cancellationToken), null, mediaType, [CarrierNames.Sidecar]) with { Sidecar = mark };
    }

    private async Task<ReadyFile?> TextAsync(PackingFor packing, OpenedRelease release, AssetWish wish, string name, CancellationToken cancellationToken)
    {
        if (await PackedText.OfAsync(release, cancellationToken) is not { } text)
            return null;
        name = Path.ChangeExtension(name, text.Ending);
        return text.Marked is { } marked
            ? Ready(packing, release, wish, name, FileDigests.Of(marked), null, text.MediaType, [text.Carrier])
            : await WithSidecarAsync(packing, release, wish, name, text.MediaType, cancellationToken);
    }

    private async Task<ReadyFile?> BesideAsync(PackingFor packing, OpenedRelease release, AssetWish wish, string name, string mediaType, string carrier, CancellationToken cancellationToken) =>
        await BytesAsync(release, wish, cancellationToken) is { } bytes ? Ready(packing, release, wish, name, FileDigests.Of(bytes), null, mediaType, [carrier]) : null;

    private ReadyFile Ready(PackingFor packing, OpenedRelease release, AssetWish wish, string name, FileDigests digests, Guid? front, string mediaType, IReadOnlyList<string> carriers)
    {
        var (recordingId, assetId, tag) = (release.RecordingId, release.Asset.Id, release.Tag);
        return new ReadyFile(new PackageFile(name, digests, async token => await OpenAsync(packing, recordingId, wish, assetId, tag, front, token)), mediaType, carriers, assetId);
    }

    /// <summary>Opens it once more, by the gate: what may not leave any more, or says another tag by now, is packed no further.</summary>
    private async Task<Stream> OpenAsync(PackingFor packing, Guid recordingId, AssetWish wish, Guid assetId, UsageTag tag, Guid? front, CancellationToken cancellationToken)
    {
        if (await AskAsync(packing, recordingId, wish, cancellationToken) is not ReleaseDecision.Allowed { Release: var release })
            throw new JobFailedException("not-allowed-any-more");
        ServedSource? file = null;
        try
        {
            if (release.Tag != tag || release.Asset.Id != assetId)
                throw new JobFailedException("tag-changed");
            var isText = wish.Beside is ObjectRole.Transcript or ObjectRole.Chat;
            if (isText && (await PackedText.OfAsync(release, cancellationToken) ?? throw new JobFailedException("mark-failed")).Marked is { } marked)
                return new SourceStream(new MemorySource(marked), null, release);
            if (wish.Beside is not null && !isText)
                return new SourceStream(new MemorySource(await BytesAsync(release, wish, cancellationToken) ?? throw new JobFailedException("mark-failed")), null, release);
            file = release.Bytes.AsSource();
            return new SourceStream(front is { } kept && file.Place is { } place ? place.With(await FrontAsync(packing.Key, kept, cancellationToken)) : file, null, release, file);
        }
        catch
        {
            file?.Dispose();
            release.Dispose();
            throw;
        }
    }

    private async Task<byte[]> FrontAsync(OwnerKey key, Guid objectId, CancellationToken cancellationToken)
    {
        using var front = new MemoryStream();
        await store.CopyWholeAsync(key, ObjectRole.ExportPackage, objectId, front, cancellationToken);
        return front.ToArray();
    }

    /// <summary>What stands beside the film, written anew with its mark, which was read back; null where that can't be.</summary>
    private static async Task<byte[]?> BytesAsync(OpenedRelease release, AssetWish wish, CancellationToken cancellationToken)
    {
        try
        {
            return wish.Beside == ObjectRole.Captions ? await CaptionAnswer.MarkAsync(release, cancellationToken) : (await PictureAnswer.MarkAsync(release, cancellationToken))?.Picture;
        }
        catch (MarkFailedException)
        {
            return null;
        }
    }

    private static async Task<FileDigests> MeasureAsync(IByteSource file, SignedCheck? check, CancellationToken cancellationToken)
    {
        await using var content = new SourceStream(file, check);
        return await FileDigests.MeasureAsync(content, cancellationToken);
    }
}
