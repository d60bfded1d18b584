using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>The bytes that a creation brings. When the client won't learn the upload's address, nothing of it may stay.</summary>
internal sealed class FirstPart(UploadTurns turns, PartIntake intake, UploadEnding ending)
{
    /// <summary>The refusals after which the creation itself is refused.</summary>
    public static bool LeavesNothing(Problem problem) =>
        problem == UploadProblems.Content || problem == UploadProblems.Checksum || problem == UploadProblems.SlowChecksum || problem == UploadProblems.PartTooLong || problem == UploadProblems.TooLong
        || problem == Problem.Unauthorized || problem == Problem.Forbidden;

    public async Task<PartResult> ReceiveAsync(Upload upload, HttpContext http, PartChecksum? checksum, CancellationToken cancellationToken)
    {
        using var turn = await turns.TakeAsync(upload.TenantId, upload.Id, cancellationToken)
            ?? throw new InvalidOperationException("An upload that nobody knows yet is written to.");
        var result = await intake.ReceiveAsync(upload, http, turn, checksum, cancellationToken);
        if (result.Problem is { } problem && problem != UploadProblems.Content && LeavesNothing(problem))
            await ending.EndAsync(upload.Id, EndReason.FirstPartRefused, http.Actor(), CancellationToken.None);
        return result;
    }
}
