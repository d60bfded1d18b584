using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>GET /trash: what can still be taken out, the next to go first.</summary>
public sealed record TrashPageModel
{
    public required PageFrame Frame { get; init; }

    public required DateTimeOffset Now { get; init; }

    public IReadOnlyList<TrashedRecording> Recordings { get; init; } = [];

    /// <summary>Whether this member may destroy before the time is over.</summary>
    public bool MayDestroy { get; init; }

    /// <summary>Where the next page begins; null at the end.</summary>
    public string? NextCursor { get; init; }

    /// <summary>False on a page that was reached by a cursor.</summary>
    public bool IsFirst { get; init; } = true;
}

public sealed record TrashedRecording(Guid Id, string Title, DateTimeOffset TrashedAt, DateTimeOffset GoneAt, long SizeInBytes)
{
    /// <summary>The recording that its files went into; null unless it was merged.</summary>
    public Guid? IntoId { get; init; }

    /// <summary>Its title; null where it is not there any more.</summary>
    public string? IntoTitle { get; init; }

    /// <summary>What holds it, so that it waits here; null where nothing does.</summary>
    public RecordingHold? Hold { get; init; }
}

internal static class ShowTrash
{
    public const string Path = "/trash";

    private const string List = "trash.page";
    private const int OnPage = 50;

    public static async Task<IResult> Handle(
        string? after, HttpContext http, VaultDbContext db, RecordingReading reading, RecordingTitles titles, IRecordingKeeping keeping, Cursors cursors, PageFrames frames, TimeProvider time, CancellationToken cancellationToken)
    {
        var trashed = db.Recordings.AsNoTracking().Where(recording => recording.TrashedAt != null && !recording.IsBeingDestroyed);
        if (after is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, after, out var place))
                return TypedResults.LocalRedirect(Path);
            trashed = trashed.Where(recording => recording.TrashedAt > place.Time || (recording.TrashedAt == place.Time && recording.Id.CompareTo(place.Id) > 0));
        }

        var found = await trashed.OrderBy(recording => recording.TrashedAt).ThenBy(recording => recording.Id).Take(OnPage + 1).ToListAsync(cancellationToken);
        var rows = found.Take(OnPage).ToList();
        var opened = await reading.OpenAsync(rows, cancellationToken);
        var into = await titles.OfAsync([.. opened.Select(recording => recording.MergedInto).OfType<Guid>().Distinct()], cancellationToken);
        var held = await keeping.HoldsAsync([.. rows.Select(recording => recording.Id)], cancellationToken);
        return PageAnswers.Page<TrashPage>(new TrashPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Now = time.Now(),
            MayDestroy = TrashEmptying.MayDestroy(http),
            Recordings = [.. opened.Select(recording => new TrashedRecording(recording.Id, recording.Title, recording.TrashedAt!.Value, recording.GoesAt!.Value, recording.SizeInBytes)
            {
                IntoId = recording.MergedInto,
                IntoTitle = recording.MergedInto is { } target ? into.GetValueOrDefault(target) : null,
                Hold = held.GetValueOrDefault(recording.Id),
            })],
            NextCursor = found.Count > rows.Count ? cursors.Write(List, db.TenantId, new PagePlace(rows[^1].TrashedAt!.Value, rows[^1].Id)) : null,
            IsFirst = string.IsNullOrEmpty(after),
        });
    }
}
