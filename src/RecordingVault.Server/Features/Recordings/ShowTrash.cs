using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>GET /trash: what can still be taken out, the next to go first.</summary>
public sealed record TrashPageModel
{
    public required PageFrame Frame { get; init; }

    public required DateTimeOffset Now { get; init; }

    public IReadOnlyList<TrashedRecording> Recordings { get; init; } = [];

    /// <summary>How many more there are than the page shows.</summary>
    public int More { get; init; }
}

public sealed record TrashedRecording(Guid Id, string Title, DateTimeOffset TrashedAt, DateTimeOffset GoneAt, long SizeInBytes);

internal static class ShowTrash
{
    private const int OnPage = 200;

    public static async Task<RazorComponentResult<TrashPage>> Handle(
        HttpContext http, VaultDbContext db, RecordingReading reading, PageFrames frames, TimeProvider time, CancellationToken cancellationToken)
    {
        var trashed = db.Recordings.AsNoTracking().Where(recording => recording.TrashedAt != null && !recording.IsBeingDestroyed);
        var rows = await trashed.OrderBy(recording => recording.TrashedAt).ThenBy(recording => recording.Id).Take(OnPage).ToListAsync(cancellationToken);
        var opened = await reading.OpenAsync(rows, cancellationToken);
        return PageAnswers.Page<TrashPage>(new TrashPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Now = time.Now(),
            Recordings = [.. opened.Select(recording => new TrashedRecording(recording.Id, recording.Title, recording.TrashedAt!.Value, recording.TrashedAt.Value + RecordingTrash.KeptFor, recording.SizeInBytes))],
            More = await trashed.CountAsync(cancellationToken) - rows.Count,
        });
    }
}
