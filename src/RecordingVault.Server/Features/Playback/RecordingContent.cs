using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Playback;

/// <summary>A recording's content for members and their scripts.</summary>
internal static class RecordingContent
{
    public static async Task View(Guid id, HttpContext http, ReleaseGate gate, ContentAnswer answer, CancellationToken cancellationToken)
    {
        var decision = await gate.OpenAsync(MemberAsker.Of(http), id, AssetWish.Film, ReleasePurpose.View, recipient: null, cancellationToken);
        await answer.WriteAsync(http, decision, fileName: null);
    }

    public static async Task Download(Guid id, HttpContext http, ReleaseGate gate, ContentAnswer answer, FileNames names, CancellationToken cancellationToken)
    {
        var decision = await gate.OpenAsync(MemberAsker.Of(http), id, AssetWish.Film, ReleasePurpose.Download, recipient: null, cancellationToken);
        await answer.WriteAsync(http, decision, await names.OfAsync(decision, cancellationToken));
    }

    public static Task Events(Guid id, HttpContext http, VaultDbContext db, ReleaseEvents events, CancellationToken cancellationToken) =>
        events.WriteAsync(http, db.TenantId, MemberAsker.Of(http), id, cancellationToken);
}

/// <summary>What a downloaded file is called: as its uploader called it, or by the recording's title.</summary>
internal sealed class FileNames(VaultDbContext db, TenantKeys keys)
{
    /// <summary>Empty where nothing was released: then nobody needs a name.</summary>
    public async Task<string> OfAsync(ReleaseDecision decision, CancellationToken cancellationToken)
    {
        if (decision is not ReleaseDecision.Allowed { Release: var release })
            return "";
        var (recordingId, assetId) = (release.RecordingId, release.Asset.Id);
        var asset = await db.RecordingAssets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Id == assetId, cancellationToken);
        using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
        if (asset?.FileName is { } name)
            return name.Open(key, asset.TenantId, asset.Id, RecordingAsset.FileNameColumn);
        var recording = await db.Recordings.AsNoTracking().SingleAsync(recording => recording.Id == recordingId, cancellationToken);
        return recording.Title.Open(key, recording.TenantId, recording.Id, Recording.TitleColumn);
    }
}
