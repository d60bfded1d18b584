using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Features.Recordings.Usage;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Recordings;

internal sealed record RecordingResponse(
    Guid Id, string Title, DateTimeOffset? RecordedAt, DateTimeOffset? UploadedAt, double? DurationSeconds, long SizeInBytes, string State,
    string UsageTag, string Label, IReadOnlyList<ParticipantResponse> Participants, IReadOnlyList<AssetResponse> Assets, DateTimeOffset CreatedAt)
{
    /// <summary>The tag that holds when tenant policy, the recording's own tag, consent and the marks of its files have spoken: what every copy carries.</summary>
    public string EffectiveTag { get; init; } = "";

    /// <summary>SHA-256 of the original's content, lower-case hex; null until a job has read it whole.</summary>
    public string? ContentSha256 { get; init; }

    /// <summary>What is being made of it, or was; null while nobody has begun.</summary>
    public ProcessingResponse? Processing { get; init; }

    /// <summary>The file that plays: what was made for browsers, or the original; null while nothing has come.</summary>
    public Guid? Plays { get; init; }

    /// <summary>Parts that its file names. Of a restricted recording: only for who may watch it, where it is asked for by itself.</summary>
    public IReadOnlyList<RecordingChapter> Chapters { get; init; } = [];

    /// <summary>The program whose files it was made of: zoom or bigbluebutton; null where nobody told.</summary>
    public string? Source { get; init; }

    /// <summary>When it was put into the trash; null outside.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>When it is destroyed at the earliest; null outside the trash.</summary>
    public DateTimeOffset? GoesAt { get; init; }

    /// <summary>The recording that all its files moved into; null unless it was merged.</summary>
    public Guid? MergedInto { get; init; }

    /// <summary>The last move of files out of it or into it, for 30 days after its end; null where there was none. Only where a recording is asked for by itself.</summary>
    public MoveResponse? Move { get; init; }

    /// <summary>An earlier recording of the same file, until somebody says that both are wanted.</summary>
    public Guid? DuplicateOf { get; init; }

    /// <summary>Since when part of what is stored of it is known to be damaged; null while all is well.</summary>
    public DateTimeOffset? DamagedSince { get; init; }
}

internal sealed record ParticipantResponse(Guid Id, string Name, string? Email);

/// <param name="State">waiting, running, done or failed.</param>
/// <param name="Percent">0 to 100, of all that is made of the film.</param>
/// <param name="Failure">Our word for why it failed; null unless it did.</param>
internal sealed record ProcessingResponse(string State, int Percent, string? Failure)
{
    public static readonly ProcessingResponse NotBegun = new("waiting", 0, null);

    /// <summary>In about so many minutes the rendition is made, by how long its first part took; null where nothing can be said.</summary>
    public int? MinutesLeft { get; init; }

    public static ProcessingResponse Of(AssetProcessing row, DateTimeOffset now) => new(row.State.ToString().ToLowerInvariant(), row.Percent, row.Failure) { MinutesLeft = Left(row, now) };

    private static int? Left(AssetProcessing row, DateTimeOffset now)
    {
        // A percent or two are no pace yet.
        const int least = 3;
        var made = row.Percent - AssetProcessing.SmallPercent;
        return row is { State: ProcessingState.Running, NeedsRendition: true, RunSince: { } since } && made >= least && now > since
            ? (int)Math.Clamp(Math.Ceiling((now - since).TotalMinutes * (100 - row.Percent) / made), 1, 10_000)
            : null;
    }
}

/// <param name="Kind">merge or split.</param>
/// <param name="State">waiting, running, done or given-up.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Reason">Our word for what it waits for, or for why nothing was moved; null otherwise.</param>
internal sealed record MoveResponse(Guid Id, string Kind, Guid From, Guid To, string State, int Percent, string? Reason, DateTimeOffset? EndedAt)
{
    /// <summary>For so long pages say that nothing was moved; the log says it for good.</summary>
    public static readonly TimeSpan RefusalToldFor = TimeSpan.FromDays(3);

    public static MoveResponse Of(RecordingMove move) => new(
        move.Id, move.Kind.ToString().ToLowerInvariant(), move.FromId, move.ToId,
        move.State switch
        {
            MoveState.Waiting => "waiting",
            MoveState.Running => "running",
            MoveState.Moved or MoveState.Done => "done",
            _ => "given-up",
        },
        move.Percent, move.Reason, move.MovedAt ?? move.EndedAt);
}

internal sealed record AssetResponse(Guid Id, string Role, string MediaType, long SizeInBytes)
{
    /// <summary>The original that it was made from; null for what came in.</summary>
    public Guid? DerivedFrom { get; init; }

    /// <summary>Of captions, as their file names it.</summary>
    public string? Language { get; init; }
}

/// <summary>Opens rows for their readers: each recording's words under its own key.</summary>
internal sealed class RecordingReading(VaultDbContext db, TenantKeys keys, Duplicates duplicates, UsageReading usage, TimeProvider time)
{
    /// <summary>The recording, or null where the tenant has none of this id.</summary>
    public Task<RecordingResponse?> FindAsync(Guid id, CancellationToken cancellationToken) => FindAsync(id, reader: null, cancellationToken);

    /// <param name="reader">Who may see chapters of what is restricted; null where nobody may.</param>
    public async Task<RecordingResponse?> FindAsync(Guid id, SearchReader? reader, CancellationToken cancellationToken)
    {
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken);
        if (recording is null)
            return null;
        var move = await db.RecordingMoves.AsNoTracking().Where(move => move.FromId == id || move.ToId == id).OrderByDescending(move => move.Id).FirstOrDefaultAsync(cancellationToken);
        return (await OpenAsync([recording], reader, cancellationToken))[0] with { Move = move is null ? null : MoveResponse.Of(move) };
    }

    public Task<IReadOnlyList<RecordingResponse>> OpenAsync(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken) => OpenAsync(recordings, reader: null, cancellationToken);

    /// <param name="reader">Who may see chapters of what is restricted; null where nobody may.</param>
    public async Task<IReadOnlyList<RecordingResponse>> OpenAsync(IReadOnlyList<Recording> recordings, SearchReader? reader, CancellationToken cancellationToken)
    {
        var ids = recordings.Select(recording => recording.Id).ToList();
        var people = (await db.Participants.AsNoTracking().Where(person => ids.Contains(person.RecordingId)).OrderBy(person => person.Id).ToListAsync(cancellationToken)).ToLookup(person => person.RecordingId);
        var assets = (await db.RecordingAssets.AsNoTracking().Where(asset => ids.Contains(asset.RecordingId)).OrderBy(asset => asset.Id).ToListAsync(cancellationToken)).ToLookup(asset => asset.RecordingId);
        var processings = await db.AssetProcessings.AsNoTracking().Where(row => ids.Contains(row.RecordingId)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var uses = await usage.OfAsync(recordings, cancellationToken);
        var same = await duplicates.FindAsync(ids, cancellationToken);
        await keys.OpenRecordingKeysAsync(ids, cancellationToken);
        var opened = new List<RecordingResponse>(recordings.Count);
        foreach (var recording in recordings)
        {
            using var key = await keys.RecordingKeyAsync(recording.Id, cancellationToken);
            var main = assets[recording.Id].FirstOrDefault(asset => asset.Role == ObjectRole.OriginalSegment);
            var processing = main is null ? null : processings.GetValueOrDefault(main.Id);
            opened.Add(new RecordingResponse(
                recording.Id,
                recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn),
                recording.RecordedAt,
                recording.UploadedAt,
                recording.DurationSeconds,
                recording.SizeInBytes,
                recording.State.Name(),
                recording.UsageTag.Name,
                recording.Label.Name(),
                [.. people[recording.Id].Select(person => new ParticipantResponse(
                    person.Id,
                    person.Name.Open(key, person.TenantId, person.Id, Participant.NameColumn),
                    person.Email?.Open(key, person.TenantId, person.Id, Participant.EmailColumn)))],
                [.. assets[recording.Id].Where(asset => asset.Role is not (ObjectRole.SearchWords or ObjectRole.Layout)).Select(asset => new AssetResponse(asset.Id, asset.Role.ApiName(), asset.MediaType, asset.SizeInBytes) { DerivedFrom = asset.DerivedFrom, Language = asset.Language })],
                recording.CreatedAt)
            {
                EffectiveTag = uses[recording.Id].Tag.Name,
                ContentSha256 = main?.ContentDigest?.Open(key, recording.TenantId, main.Id, RecordingAsset.ContentDigestColumn),
                Plays = (assets[recording.Id].FirstOrDefault(asset => asset.Role == ObjectRole.Rendition && asset.DerivedFrom == main?.Id) ?? main)?.Id,
                Processing = processing is null ? null : ProcessingResponse.Of(processing, time.Now()),
                Chapters = processing?.Chapters is { } chapters && (recording.Label != ConfidentialityLabel.Restricted || reader?.MayRead(recording) is true)
                    ? JsonSerializer.Deserialize<IReadOnlyList<RecordingChapter>>(chapters.Open(key, recording.TenantId, processing.Id, AssetProcessing.ChaptersColumn), JsonSerializerOptions.Web)!
                    : [],
                Source = recording.Source?.Name(),
                TrashedAt = recording.TrashedAt,
                GoesAt = recording.GoesAt,
                MergedInto = recording.MergedInto,
                DamagedSince = recording.DamagedSince,
                DuplicateOf = same.TryGetValue(recording.Id, out var earlier) ? earlier : null,
            });
        }

        return opened;
    }
}

/// <summary>The words of the API for our enumerations (design.md, section 8).</summary>
internal static class RecordingNames
{
    public static string Name(this RecordingState state) => state switch
    {
        RecordingState.Receiving => "receiving",
        RecordingState.Ready => "ready",
        RecordingState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Name(this ConfidentialityLabel label) => label.ToString().ToLowerInvariant();

    public static ConfidentialityLabel? LabelOf(string? name)
    {
        foreach (var label in Enum.GetValues<ConfidentialityLabel>())
        {
            if (string.Equals(label.Name(), name, StringComparison.Ordinal))
                return label;
        }

        return null;
    }

    public static string ApiName(this ObjectRole role) => role switch
    {
        ObjectRole.OriginalSegment => "original",
        ObjectRole.Captions => "captions",
        ObjectRole.Transcript => "transcript",
        ObjectRole.Chat => "chat",
        ObjectRole.Rendition => "rendition",
        ObjectRole.Poster => "poster",
        _ => role.ToString().ToLowerInvariant(),
    };
}
