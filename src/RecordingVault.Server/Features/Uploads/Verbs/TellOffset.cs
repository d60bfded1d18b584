using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Features.Uploads.Rules;

namespace RecordingVault.Server.Features.Uploads.Verbs;

/// <summary>HEAD: how far the upload is. The answer comes from the database, so it is the same on every node and after every crash.</summary>
internal static class TellOffset
{
    public static async Task<Results<Ok, ProblemHttpResult>> Handle(Guid id, HttpContext http, UploadLookup uploads, UploadTurns turns, TenantKeys keys, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (upload, problem) = await uploads.FindAsync(id, http.User, cancellationToken);
        if (upload is null)
            return problem!.ToResult();
        // Whoever asks has often just lost his connection, and goes on from what he is told: what is still being put away of it counts.
        await turns.SettleAsync(upload.TenantId, id, cancellationToken);
        (upload, problem) = await uploads.FindAsync(id, http.User, cancellationToken);
        if (upload is null)
            return problem!.ToResult();

        var headers = http.Response.Headers;
        UploadHeaders.Write(headers, upload, upload.State == UploadState.Finished);
        headers[Tus.OffsetHeader] = upload.ReceivedBytes.ToString(CultureInfo.InvariantCulture);
        if (upload.DeclaredLength is { } length)
            headers[Tus.LengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        else
            headers[Tus.DeferLengthHeader] = "1";
        using var key = await keys.RecordingKeyAsync(upload.RecordingId, cancellationToken);
        if (StoredMetadata.OpenLine(upload, key) is { Length: > 0 } metadata)
            headers[Tus.MetadataHeader] = metadata;
        return TypedResults.Ok();
    }
}
