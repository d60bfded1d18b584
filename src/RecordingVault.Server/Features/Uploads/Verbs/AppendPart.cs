using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Features.Uploads.Rules;

namespace RecordingVault.Server.Features.Uploads.Verbs;

/// <summary>PATCH: the next bytes. What it answers is durable; the PATCH that ends an upload answers when its content can be read.</summary>
internal static class AppendPart
{
    private const string RetryAfterSeconds = "10";

    public static async Task<Results<NoContent, ProblemHttpResult, EmptyHttpResult>> Handle(
        Guid id, HttpContext http, UploadLookup uploads, UploadTurns turns, PartIntake intake, CancellationToken cancellationToken)
    {
        if (PartRule.CheckType(http.Request) is { } wrongType)
            return wrongType.ToResult();
        if (PartChecksum.TryParse(http.Request.Headers, out var checksum) is { } malformed)
            return malformed.ToResult();
        using var digest = checksum;
        // Before anybody is asked to yield: a stranger's request must not disturb the owner's.
        var (known, problem) = await uploads.FindAsync(id, http.User, cancellationToken);
        if (known is null)
            return problem!.ToResult();
        using var turn = await turns.TakeAsync(known.TenantId, id, cancellationToken);
        if (turn is null)
            return UploadProblems.Locked.ToResult();
        (var upload, problem) = await uploads.FindAsync(id, http.User, cancellationToken);
        if (upload is null)
            return problem!.ToResult();

        return Answer(await intake.AppendAsync(upload, http, turn, digest, cancellationToken), upload, http);
    }

    private static Results<NoContent, ProblemHttpResult, EmptyHttpResult> Answer(PartResult result, Upload upload, HttpContext http)
    {
        if (result.IsConnectionDead)
        {
            http.Abort();
            return TypedResults.Empty;
        }

        var offset = result.Offset.ToString(CultureInfo.InvariantCulture);
        if (result.Problem is { } refusal)
        {
            if (refusal == UploadProblems.Offset)
                http.Response.Headers[Tus.OffsetHeader] = offset;
            var pause = refusal == UploadProblems.Busy || refusal == UploadProblems.Stopping ? RetryAfterSeconds : refusal.RetryAfterSeconds;
            if (pause is not null)
                http.Response.Headers.RetryAfter = pause;
            return refusal.ToResult();
        }

        http.Response.Headers[Tus.OffsetHeader] = offset;
        UploadHeaders.Write(http.Response.Headers, upload, result.IsFinished);
        return TypedResults.NoContent();
    }
}
