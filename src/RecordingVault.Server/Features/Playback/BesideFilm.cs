using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// What a player shows beside the film: poster, thumbnails, waveform, captions. They are content and pass the gate; all of one page are one release
/// with the purpose preview, which is no viewing and counts for nothing that was fetched of the film. The poster in a list is of that list's release.
/// </summary>
internal sealed class BesideFilm(VaultDbContext db, ReleaseGate gate, ContentAnswer answer, CaptionAnswer captions, PictureAnswer pictures, IStoredLayouts layouts)
{
    /// <summary>Of captions whose file does not name their language.</summary>
    public const string NoLanguage = "und";

    public Task WriteAsync(HttpContext http, Asker asker, Guid recordingId, ObjectRole role, string? language, string? recipient, CancellationToken cancellationToken) =>
        WriteAsync(http, asker, recordingId, role, language, ReleasePurpose.Preview, recipient, cancellationToken);

    public Task WritePosterAsync(HttpContext http, MemberAsker asker, Guid recordingId, ReleasePurpose purpose, CancellationToken cancellationToken) =>
        WriteAsync(http, asker, recordingId, ObjectRole.Poster, language: null, purpose, recipient: null, cancellationToken);

    private async Task WriteAsync(
        HttpContext http, Asker asker, Guid recordingId, ObjectRole role, string? language, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        // An id that nothing has lets the gate say no in its own order: who may not look is not told what there is.
        var id = await FindAsync(recordingId, role, language, cancellationToken) ?? Guid.Empty;
        var decision = await gate.OpenAsync(asker, recordingId, AssetWish.Of(role, id), purpose, recipient, cancellationToken);
        await (role switch
        {
            ObjectRole.Captions => captions.WriteAsync(http, decision),
            ObjectRole.Poster or ObjectRole.Thumbnails => pictures.WriteAsync(http, decision),
            _ => answer.WriteAsync(http, decision, fileName: null),
        });
    }

    /// <summary>What the player of a recording's page may ask for.</summary>
    /// <param name="root">Address under which the recording's content lies.</param>
    public async Task<PlayerModel> AddAsync(PlayerModel player, RecordingResponse recording, string root, CancellationToken cancellationToken)
    {
        var main = recording.Assets.FirstOrDefault(asset => asset.Role == ObjectRole.OriginalSegment.ApiName());
        bool Has(ObjectRole role) => recording.Assets.Any(asset => asset.Role == role.ApiName() && asset.DerivedFrom == main?.Id);
        var sheet = main is null ? null : await db.AssetProcessings.AsNoTracking().Where(row => row.Id == main.Id).Select(row => new { row.SheetStepSeconds, row.SheetColumns, row.DurationSeconds }).SingleOrDefaultAsync(cancellationToken);
        return player with
        {
            IsBeingMade = main is not null && recording.Plays == main.Id && await WillBeMadeAsync(recording, main.Id, cancellationToken),
            MinutesLeft = recording.Processing?.MinutesLeft,
            Poster = Has(ObjectRole.Poster) ? $"{root}/poster" : null,
            Waveform = Has(ObjectRole.Waveform) ? $"{root}/waveform" : null,
            Thumbnails = Has(ObjectRole.Thumbnails) && sheet is { SheetStepSeconds: { } step, SheetColumns: { } columns, DurationSeconds: { } seconds }
                ? new PlayerThumbnails($"{root}/thumbnails", step, columns, AssetProcessing.SheetRows(seconds, step, columns)) : null,
            Captions = [.. recording.Assets.Where(asset => asset.Role == ObjectRole.Captions.ApiName())
                .Select(asset => asset.Language ?? NoLanguage).Distinct(StringComparer.Ordinal).Select(language => new PlayerCaptions($"{root}/captions/{language}", language))],
            Chapters = [.. recording.Chapters.Where(chapter => chapter.Title.Length > 0).Select(chapter => new PlayerChapter(chapter.StartSeconds, chapter.Title))],
        };
    }

    /// <summary>Somebody is at it, or will be: what nobody has begun yet waits in its queue, and where there is no sandbox it waits for ever.</summary>
    private async Task<bool> WillBeMadeAsync(RecordingResponse recording, Guid main, CancellationToken cancellationToken) => recording.Processing is { State: "running" }
        || (recording.Processing is null or { State: "waiting" } && await layouts.AwaitsCopyAsync(main, cancellationToken));

    private async Task<Guid?> FindAsync(Guid recordingId, ObjectRole role, string? language, CancellationToken cancellationToken)
    {
        var of = db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId);
        var main = await of.Where(asset => asset.Role == ObjectRole.OriginalSegment).OrderBy(asset => asset.Id).Select(asset => (Guid?)asset.Id).FirstOrDefaultAsync(cancellationToken);
        var named = language == NoLanguage ? null : language;
        return await of.Where(asset => asset.Role == role && (role == ObjectRole.Captions ? asset.Language == named : asset.DerivedFrom == main))
            .OrderBy(asset => asset.Id).Select(asset => (Guid?)asset.Id).FirstOrDefaultAsync(cancellationToken);
    }
}
