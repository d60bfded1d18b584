using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Verbs;

/// <summary>POST: begins an upload, with its first bytes where the request brings any (creation-with-upload).</summary>
internal static class CreateUpload
{
    public static async Task<Results<Created, ProblemHttpResult, EmptyHttpResult>> Handle(
        HttpContext http, UploadRoom room, UploadCreation creation, FirstPart firstPart, JobQueue jobs, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        var bringsBytes = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && http.Request.ContentLength != 0;
        if (Check(http, bringsBytes, room.MaxLength, out var wanted) is { } wrong)
            return wrong.ToResult();
        if (PartChecksum.TryParse(headers, out var checksum) is { } malformed)
            return malformed.ToResult();
        using var digest = checksum;
        if (await room.LeftByRowsAsync(cancellationToken) is <= 0)
            return UploadProblems.Quota.ToResult();

        var (upload, problem) = await creation.CreateAsync(wanted, cancellationToken);
        if (upload is null)
            return problem!.ToResult();
        jobs.Nudge<WriteCardJob>(upload.TenantId, upload.RecordingId);

        var result = bringsBytes || upload.DeclaredLength == 0 ? await firstPart.ReceiveAsync(upload, http, digest, cancellationToken) : null;
        return Answer(result, bringsBytes, upload, http);
    }

    private static Problem? Check(HttpContext http, bool bringsBytes, long maxLength, out NewUpload wanted)
    {
        var headers = http.Request.Headers;
        wanted = null!;
        if (headers.ContainsKey(Tus.ConcatHeader))
            return UploadProblems.Concatenation;
        if (LengthRule.AtCreation(headers, maxLength, out var length) is { } wrongLength)
            return wrongLength;
        if (UploadMetadata.TryParse(headers[Tus.MetadataHeader].ToString(), out var metadata) is { } wrongMetadata)
            return wrongMetadata;
        wanted = new NewUpload(metadata, length, http.User.MemberId(), http.User.TokenId(), http.Actor());
        if (!bringsBytes)
            return null;
        return PartRule.CheckType(http.Request) ?? (http.Request.ContentLength > (length ?? maxLength) ? length is null ? UploadProblems.TooLong : UploadProblems.PartTooLong : null);
    }

    private static Results<Created, ProblemHttpResult, EmptyHttpResult> Answer(PartResult? result, bool bringsBytes, Upload upload, HttpContext http)
    {
        if (result is { IsConnectionDead: true })
        {
            http.Abort();
            return TypedResults.Empty;
        }

        // The upload was made. Where its first part was cut short (room, disk), the offset says so and the PATCH for the rest meets the refusal.
        if (result is { Problem: { } refusal } && FirstPart.LeavesNothing(refusal))
            return refusal.ToResult();
        if (result?.Problem?.RetryAfterSeconds is { } pause)
            http.Response.Headers.RetryAfter = pause;
        if (bringsBytes)
            http.Response.Headers[Tus.OffsetHeader] = (result?.Offset ?? 0).ToString(CultureInfo.InvariantCulture);
        UploadHeaders.Write(http.Response.Headers, upload, result?.IsFinished == true);
        return TypedResults.Created(Tus.AddressOf(upload.Id));
    }
}
