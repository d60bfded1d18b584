using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>The pages on which files are moved from one recording into another.</summary>
internal sealed class FilePages(VaultDbContext db, TenantKeys keys, RecordingReading reading, RecordingTitles titles, MoveBeginning moves, LiveLinks links, PageFrames frames, TimeProvider time)
{
    private const int MostNear = 12;
    private static readonly TimeSpan Near = TimeSpan.FromDays(2);

    public static async Task<IResult> Show(Guid id, HttpContext http, FilePages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(id, http, [], cancellationToken) is { } model ? PageAnswers.Page<FilesPage>(model) : new NoSuchPage();

    /// <summary>The recording that an address names, as a page's address or as its id alone; null where it names none.</summary>
    public static Guid? IdIn(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
            return null;
        var path = Uri.TryCreate(address.Trim(), UriKind.Absolute, out var absolute) ? absolute.AbsolutePath : address.Trim();
        foreach (var part in path.Split('/', '?', '#'))
        {
            if (Guid.TryParseExact(part, "D", out var id))
                return id;
        }

        return Guid.Empty;
    }

    public async Task<IResult> SplitRefusedAsync(Guid id, HttpContext http, IReadOnlyList<Guid> chosen, string title, Problem problem, CancellationToken cancellationToken) =>
        await ModelAsync(id, http, chosen, cancellationToken) is { } model
            ? PageAnswers.Page<FilesPage>(model with { Title = title, SplitRefusal = chosen.Count == 0 ? "Tick the files that are meant." : problem.Sentence }, problem.Status)
            : new NoSuchPage();

    /// <param name="otherId">Null or of no recording: then the choice is shown again.</param>
    public async Task<IResult> MergeAsync(Guid id, Guid? otherId, HttpContext http, Problem? refusal, CancellationToken cancellationToken)
    {
        var other = otherId is { } named ? await reading.FindAsync(named, cancellationToken) : null;
        if (other is null || await reading.FindAsync(id, cancellationToken) is not { } here)
        {
            return await ModelAsync(id, http, [], cancellationToken) is { } choice
                ? PageAnswers.Page<FilesPage>(choice with { MergeRefusal = "Choose the other recording, or give the address of its page." }, StatusCodes.Status400BadRequest)
                : new NoSuchPage();
        }

        var reader = await SearchReader.OfAsync(http, db, time, cancellationToken);
        var unfit = refusal ?? await moves.CheckMergeAsync(id, other.Id, reader, cancellationToken);
        return PageAnswers.Page<MergePage>(
            new MergePageModel
            {
                Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
                Id = id,
                Name = here.Title,
                OtherId = other.Id,
                OtherName = other.Title,
                Files = other.Assets.Count(asset => asset.DerivedFrom is null),
                Bytes = other.SizeInBytes,
                StoppingLinks = await CountAsync(other.Id, cancellationToken),
                LiveLinks = await CountAsync(id, cancellationToken),
                HasFilm = here.Assets.Any(asset => asset.Role == ObjectRole.OriginalSegment.ApiName()),
                TighterLabel = RecordingNames.LabelOf(other.Label) > RecordingNames.LabelOf(here.Label) ? other.Label : null,
                Refusal = unfit?.Sentence,
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private async Task<FilesPageModel?> ModelAsync(Guid id, HttpContext http, IReadOnlyList<Guid> chosen, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(id, cancellationToken) is not { } recording)
            return null;
        var rows = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == id && asset.DerivedFrom == null).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);
        using var key = await keys.RecordingKeyAsync(id, cancellationToken);
        return new FilesPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Id = id,
            Name = recording.Title,
            Files = [.. rows.Select(row => new MovableFile(row.Id, row.FileName?.Open(key, row.TenantId, row.Id, RecordingAsset.FileNameColumn), row.Role.ApiName(), row.SizeInBytes, chosen.Contains(row.Id)))],
            LiveLinks = await CountAsync(id, cancellationToken),
            Near = await NearAsync(id, recording.RecordedAt ?? recording.CreatedAt, cancellationToken),
        };
    }

    private Task<int> CountAsync(Guid recordingId, CancellationToken cancellationToken) => links.Rows().CountAsync(share => share.RecordingId == recordingId, cancellationToken);

    /// <summary>Sound and film of one meeting lie close together.</summary>
    private async Task<IReadOnlyList<NearRecording>> NearAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (after, before) = (at - Near, at + Near);
        var rows = await db.Recordings.AsNoTracking()
            .Where(other => other.Id != id && other.MeetingAt >= after && other.MeetingAt <= before && other.TrashedAt == null && !other.IsBeingDestroyed && other.ManifestObjectId != null && other.SizeInBytes > 0)
            .OrderByDescending(other => other.MeetingAt).ThenBy(other => other.Id).Take(4 * MostNear).ToListAsync(cancellationToken);
        var names = await titles.OfAsync([.. rows.Select(row => row.Id)], cancellationToken);
        return [.. rows.OrderBy(row => (row.MeetingAt - at).Duration()).Take(MostNear).OrderBy(row => row.MeetingAt)
            .Where(row => names.ContainsKey(row.Id)).Select(row => new NearRecording(row.Id, names[row.Id], row.MeetingAt, row.SizeInBytes))];
    }
}
