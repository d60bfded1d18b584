using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>GET /upload: the drop zone, and the member's own uploads that stopped midway, from the server and not from the browser.</summary>
internal static class ShowUpload
{
    private const int MostUnfinished = 64;

    public static async Task<RazorComponentResult<UploadPage>> Handle(
        Guid? into, HttpContext http, VaultDbContext db, RecordingTitles titles, TenantKeys keys, PageFrames frames, IOptions<VaultOptions> options, CancellationToken cancellationToken)
    {
        var member = http.User.MemberId();
        var uploads = await db.Uploads.AsNoTracking()
            .Where(upload => upload.MemberId == member && upload.State == UploadState.Receiving && upload.DeclaredLength != null)
            .OrderByDescending(upload => upload.Id).Take(MostUnfinished).ToListAsync(cancellationToken);
        var ids = uploads.Select(upload => upload.RecordingId).ToList();
        var recordings = await db.Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id)).ToDictionaryAsync(recording => recording.Id, cancellationToken);
        var unfinished = new List<UnfinishedUpload>();
        foreach (var upload in uploads)
        {
            using var key = await keys.RecordingKeyAsync(upload.RecordingId, cancellationToken);
            var metadata = StoredMetadata.Open(upload, key);
            unfinished.Add(new UnfinishedUpload
            {
                Id = upload.Id,
                RecordingId = upload.RecordingId,
                FileName = metadata.FileName ?? "A file without a name",
                Title = recordings[upload.RecordingId].Title.Open(key, upload.TenantId, upload.RecordingId, Recording.TitleColumn),
                IsOfSet = metadata.RecordingId is not null,
                Role = metadata.Role.Name(),
                Length = upload.DeclaredLength!.Value,
                Confirmed = upload.ReceivedBytes,
                LastModified = metadata.LastModified,
            });
        }

        return PageAnswers.Page<UploadPage>(new UploadPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Upload, cancellationToken),
            MaxLength = options.Value.Uploads.MaxLength,
            Unfinished = unfinished,
            Into = into is { } target && (await titles.OfAsync([target], cancellationToken)).TryGetValue(target, out var title) ? new UploadTarget(target, title) : null,
        });
    }
}
