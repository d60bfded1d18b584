using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Features.UsageTags.Processors;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <param name="Recording">The row that was decided on; null when there is none.</param>
/// <param name="End">When the permission ends by itself.</param>
/// <param name="MayKeep">Whether he may have it as a file too: then nothing is paced.</param>
internal sealed record ReleaseFinding(ReleaseVerdict Verdict, Recording? Recording, StandingEnd? End, bool MayKeep)
{
    /// <summary>What every carrier of the content says; the strictest where there is no recording.</summary>
    public UsageTag Tag { get; init; } = UsageTag.NoTdm;

    /// <summary>Name of the processor that it leaves to; null where there is none.</summary>
    public string? Processor { get; init; }

    /// <summary>Not everybody recorded has said yes, and the policy lets it leave and says so.</summary>
    public bool IsWithoutAllConsents { get; init; }

    /// <summary>The copy that the asker is given in the place of the film (<see cref="Standing.OnlyCopy"/>).</summary>
    public Guid? OnlyCopy { get; init; }

    public ReleaseFinding RefusedFor(Problem reason) => this with { Verdict = ReleaseVerdict.Refused(reason) };
}

/// <summary>Gathers the facts and asks the rules. The gate does so at each request, the watch while bytes run.</summary>
internal sealed class ReleaseCheck(VaultDbContext db, UsageReading usage, ConsentQuestion consents, ProcessorBook processors, IRecipientCopies copies, TimeProvider time)
{
    public async Task<ReleaseFinding> FindAsync(Asker asker, Guid recordingId, ReleasePurpose purpose, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == recordingId, cancellationToken);
        var standing = await asker.StandingAsync(db, recordingId, time.Now(), cancellationToken);
        var use = recording is null ? null : await usage.OfAsync(recording, cancellationToken);
        var consent = recording is null ? ConsentVerdict.Missing : (await consents.AskAsync([recording], asker.For, cancellationToken))[recording.Id];
        var processor = asker.Processor is { } named ? await processors.FindAsync(named, cancellationToken) : null;
        return new ReleaseFinding(Decide(asker, standing, recording, use, consent, purpose, processor), recording, standing.End, standing.MayDownload) { Tag = use?.Tag ?? UsageTag.NoTdm, Processor = processor, IsWithoutAllConsents = consent == ConsentVerdict.Warned, OnlyCopy = standing.OnlyCopy };
    }

    /// <summary>Whether he may have a file that can't be marked: who belongs here, may keep it anyway, and wants it for people or for a law, takes it as it is.</summary>
    public async Task<bool> MayHaveUnmarkedAsync(Asker asker, Guid recordingId, CancellationToken cancellationToken) =>
        asker.For is Purpose.ViewInternal or Purpose.Legal && (await FindAsync(asker, recordingId, ReleasePurpose.Download, cancellationToken)).Verdict.IsAllowed;

    /// <summary>Those of several files that may go on leaving: the recording still holds them, or, where the asker is given a copy alone, it is that; pictures of the film are not his then.</summary>
    public async Task<IReadOnlySet<Guid>> HeldAsync(ReleaseFinding finding, ReleasePurpose purpose, Guid recordingId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken) =>
        finding is { OnlyCopy: { } copy, Recording: { } recording } && !purpose.IsBesideFilm()
            ? await copies.GoodAsync(recording, finding.Tag, copy, cancellationToken) is { } good ? new HashSet<Guid> { good } : new HashSet<Guid>()
            : await db.RecordingAssets
                .Where(asset => asset.RecordingId == recordingId && assetIds.Contains(asset.Id) && (finding.OnlyCopy == null || (asset.Role != ObjectRole.Poster && asset.Role != ObjectRole.Thumbnails)))
                .Select(asset => asset.Id).ToHashSetAsync(cancellationToken);

    /// <summary>Those of several recordings that may leave to the asker, who is a member: his standing does not hang on the recording.</summary>
    public async Task<IReadOnlyList<(Recording Recording, UsageTag Tag)>> AllowedAsync(Asker asker, IReadOnlyList<Guid> ids, ReleasePurpose purpose, CancellationToken cancellationToken)
    {
        var recordings = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id)).ToListAsync(cancellationToken);
        if (recordings.Count == 0)
            return [];
        var standing = await asker.StandingAsync(db, recordings[0].Id, time.Now(), cancellationToken);
        var uses = await usage.OfAsync(recordings, cancellationToken);
        var said = await consents.AskAsync(recordings, asker.For, cancellationToken);
        return [.. recordings.Where(recording => Decide(asker, standing, recording, uses[recording.Id], said[recording.Id], purpose, processor: null).IsAllowed).Select(recording => (recording, uses[recording.Id].Tag))];
    }

    private static ReleaseVerdict Decide(Asker asker, Standing standing, Recording? recording, EffectiveUse? use, ConsentVerdict consent, ReleasePurpose purpose, string? processor) => ReleaseRules.Decide(new ReleaseFacts
    {
        Asker = standing,
        Recording = recording is null || use is null ? null : new RecordingFacts(recording.State, recording.Manifest is not null, use, recording.Label, recording.CreatedBy, recording.TrashedAt is not null || recording.IsBeingDestroyed) { Consent = consent },
        Purpose = purpose,
        For = asker.For,
        Processor = asker.Processor is null ? ProcessorFact.NotNamed : processor is null ? ProcessorFact.Unknown : ProcessorFact.Known,
    });

    /// <summary>What was made for browsers from the original that lists tell of; null where it plays as it is, or is not made yet.</summary>
    public async Task<Guid?> RenditionAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        var made = await db.RecordingAssets.AsNoTracking()
            .Where(asset => asset.RecordingId == recordingId && (asset.Role == ObjectRole.Rendition || asset.Role == ObjectRole.OriginalSegment))
            .OrderBy(asset => asset.Id).Select(asset => new { asset.Id, asset.DerivedFrom }).ToListAsync(cancellationToken);
        var original = made.FirstOrDefault(asset => asset.DerivedFrom is null);
        return original is null ? null : made.FirstOrDefault(asset => asset.DerivedFrom == original.Id)?.Id;
    }
}
