using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>A recording's content for somebody who opened a link.</summary>
internal static class ShareContent
{
    public static async Task View(Guid id, HttpContext http, ShareDoor door, ReleaseGate gate, ContentAnswer answer, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var decision = await gate.OpenAsync(visit.Asker, visit.Share.RecordingId, AssetWish.Film, ReleasePurpose.View, visit.RecipientName, cancellationToken);
        await answer.WriteAsync(http, decision, fileName: null);
    }

    public static async Task Download(Guid id, HttpContext http, ShareDoor door, ReleaseGate gate, ContentAnswer answer, FileNames names, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var decision = await gate.OpenAsync(visit.Asker, visit.Share.RecordingId, AssetWish.Film, ReleasePurpose.Download, visit.RecipientName, cancellationToken);
        await answer.WriteAsync(http, decision, await names.OfAsync(decision, cancellationToken));
    }

    public static async Task Events(Guid id, HttpContext http, ShareDoor door, ReleaseEvents events, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is { } visit)
            await events.WriteAsync(http, visit.Share.TenantId, visit.Asker, visit.Share.RecordingId, cancellationToken);
        else
            await Problem.NotFound.WriteAsync(http);
    }
}
