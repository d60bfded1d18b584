using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing;

/// <summary>The steps for one original: first what is quick, in one change of the manifest, then the rendition, which may take hours where it is encoded.</summary>
internal sealed class AssetMaking(VaultDbContext db, SealedStore store, ManifestChanges manifests, ProcessingRows rows, LayoutMaking layouts, JobQueue jobs)
{
    /// <summary>All but the encoding, which a job of its own does.</summary>
    /// <returns>Whether that is left to be done.</returns>
    /// <exception cref="MediaFailedException">The file is no media, or could not be made playable.</exception>
    public async Task<bool> MakeSmallAsync(MakingRun run, CancellationToken cancellationToken)
    {
        var (asset, desk, key) = (run.Asset, run.Desk, run.Key);
        // Before anything is said of the file: whoever may have it, or a copy of it, waits for this.
        await LayOutAsync(asset, cancellationToken);
        var facts = await desk.ProbeAsync(cancellationToken);
        var there = await db.RecordingAssets.AsNoTracking().Where(made => made.DerivedFrom == asset.Id && made.Role != ObjectRole.Layout).Select(made => new { made.Role, made.SizeInBytes }).ToListAsync(cancellationToken);
        if (there.TrueForAll(made => made.Role == ObjectRole.Rendition))
        {
            facts = await MakeSmallAsync(run, facts, cancellationToken);
        }
        else
        {
            // An earlier run made them and was killed, before or after it told what it had found: the same is told again, from what it left.
            if (there.Find(made => made.Role == ObjectRole.Waveform) is { } waveform)
                facts = facts with { Duration = facts.Duration ?? Waveform.DurationOf(waveform.SizeInBytes) };
            await rows.TellFactsAsync(run.Claim, facts, there.Exists(made => made.Role == ObjectRole.Thumbnails) ? Thumbnails.Plan(facts) : null, key, cancellationToken);
        }

        if (there.Exists(made => made.Role == ObjectRole.Rendition))
            return false;
        var rendering = await DecideAsync(asset, run.Demuxer, facts, cancellationToken);
        if (rendering == Rendering.Remuxed)
            await MakeRenditionAsync(run, facts, rendering, cancellationToken);
        return rendering == Rendering.Encoded;
    }

    /// <exception cref="MediaFailedException">The file could not be made playable.</exception>
    public async Task<bool> EncodeAsync(MakingRun run, CancellationToken cancellationToken)
    {
        run.Desk.Part = (AssetProcessing.SmallPercent, AssetProcessing.SmallPercent);
        // A run before this one may have been killed when all was made and not yet said.
        if (await db.RecordingAssets.AnyAsync(made => made.DerivedFrom == run.Asset.Id && made.Role == ObjectRole.Rendition, cancellationToken))
            return false;
        var facts = await run.Desk.ProbeAsync(cancellationToken);
        // What the waveform showed: without it a file that does not say how long it lasts would have the time of a guess.
        var told = await db.AssetProcessings.AsNoTracking().Where(row => row.Id == run.Asset.Id).Select(row => row.DurationSeconds).SingleOrDefaultAsync(cancellationToken);
        facts = facts with { Duration = facts.Duration ?? (told is { } seconds ? TimeSpan.FromSeconds(seconds) : null) };
        await MakeRenditionAsync(run, facts, Rendering.Encoded, cancellationToken);
        return false;
    }

    /// <summary>What plays as it is and can't be marked as it is gets a copy that can.</summary>
    private async Task<Rendering> DecideAsync(RecordingAsset asset, Demuxer demuxer, MediaFacts facts, CancellationToken cancellationToken)
    {
        var rendering = RenditionRule.Decide(asset.MediaType, demuxer, facts);
        if (rendering != Rendering.AsIs)
            return rendering;
        return await db.RecordingAssets.AnyAsync(made => made.DerivedFrom == asset.Id && made.Role == ObjectRole.Layout && made.MediaType == LayoutMedia.Refused, cancellationToken)
            ? RenditionRule.Copied(facts) : rendering;
    }

    private async Task<MediaFacts> MakeSmallAsync(MakingRun run, MediaFacts facts, CancellationToken cancellationToken)
    {
        var (asset, desk, key) = (run.Asset, run.Desk, run.Key);
        var limits = RunLimits.ForReading(Length(asset, facts));
        // Others wait for this worker: what adorns one film has one time, however many captions it says that it holds.
        desk.Share(2 * limits.Clock);
        List<NewAsset> made = [];
        desk.Part = (0, 10);
        if (facts.Sound is not null && await TryAsync(() => Waveform.MakeAsync(desk, limits, cancellationToken)) is { Peaks.Length: > 0 } waveform)
        {
            made.Add(await PutAsync(asset, ObjectRole.Waveform, Waveform.MediaType, waveform.Peaks, key, cancellationToken));
            // Recordings of browsers don't say how long they are; now it is known.
            facts = facts with { Duration = facts.Duration ?? waveform.Duration };
        }

        desk.Part = (10, 12);
        if (facts.Video is not null && await TryAsync(() => Poster.MakeAsync(desk, facts, cancellationToken)) is { Length: > 0 } poster)
            made.Add(await PutAsync(asset, ObjectRole.Poster, Poster.MediaType, poster, key, cancellationToken));
        var sheet = Thumbnails.Plan(facts);
        desk.Part = (12, 18);
        if (sheet is not null && await TryAsync(() => Thumbnails.MakeAsync(desk, sheet, limits, cancellationToken)) is { Length: > 0 } thumbnails)
            made.Add(await PutAsync(asset, ObjectRole.Thumbnails, Thumbnails.MediaType, thumbnails, key, cancellationToken));
        else
            sheet = null;
        desk.Part = (18, AssetProcessing.SmallPercent);
        foreach (var track in Subtitles.Wanted(facts))
        {
            if (await TryAsync(() => Subtitles.ExtractAsync(desk, track, limits, cancellationToken)) is { Length: > 0 } captions)
                made.Add(await PutAsync(asset, ObjectRole.Captions, Subtitles.MediaType, captions, key, cancellationToken) with { Language = track.Language });
        }

        desk.Share(null);
        if (made.Count > 0)
            await manifests.AddAsync(asset.RecordingId, made, key, Actor.System, () => rows.HoldAsync(run.Claim, cancellationToken), cancellationToken);
        if (made.Exists(one => one.Asset.Role == ObjectRole.Captions))
            jobs.Nudge<WordsJob>(asset.TenantId, asset.RecordingId);
        await rows.TellFactsAsync(run.Claim, facts, sheet, key, cancellationToken);
        return facts;
    }

    private async Task MakeRenditionAsync(MakingRun run, MediaFacts facts, Rendering rendering, CancellationToken cancellationToken)
    {
        var (asset, desk, key) = (run.Asset, run.Desk, run.Key);
        ManifestAsset? made = null;
        var most = (4 * asset.SizeInBytes) + (1L << 30);
        desk.Part = (AssetProcessing.SmallPercent, 100);
        await desk.RunAsync(
            RenditionRule.Arguments(rendering, facts),
            async (stream, token) => made = await store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Rendition, RenditionRule.MediaType(rendering, facts), new BoundedStream(stream, most), token),
            RunLimits.ForEncoding(Length(asset, facts)), cancellationToken);
        if (made is not { Length: > 0 })
            throw new MediaFailedException(MediaFailure.Broken);
        await manifests.AddAsync(asset.RecordingId, [new NewAsset(made) { DerivedFrom = asset.Id }], key, Actor.System, () => rows.HoldAsync(run.Claim, cancellationToken), cancellationToken);
        await LayOutAsync(asset, cancellationToken);
    }

    /// <summary>A file that is damaged is told of by whoever reads it; another one of the recording is none of this run's business.</summary>
    private async Task LayOutAsync(RecordingAsset asset, CancellationToken cancellationToken)
    {
        try
        {
            await layouts.RunAsync(asset.RecordingId, cancellationToken);
        }
        catch (SealedFormatException)
        {
        }
    }

    private async Task<NewAsset> PutAsync(RecordingAsset asset, ObjectRole role, string mediaType, byte[] content, OwnerKey key, CancellationToken cancellationToken) =>
        new(await store.PutAssetAsync(key, Guid.CreateVersion7(), role, mediaType, new MemoryStream(content), cancellationToken)) { DerivedFrom = asset.Id };

    /// <summary>What only adorns a recording is left out where the file does not give it; whether it plays is another matter.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> make)
        where T : class
    {
        try
        {
            return await make();
        }
        catch (MediaFailedException)
        {
            return null;
        }
    }

    private static TimeSpan Length(RecordingAsset asset, MediaFacts facts) => RunLimits.LengthOf(facts.Duration, asset.SizeInBytes);
}
