using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>Lets a part in when every rule allows it, for a PATCH and for a creation that brings bytes.</summary>
internal sealed class PartIntake(UploadRoom room, TenantKeys keys, PartReceiver receiver)
{
    /// <summary>For a PATCH: its headers say where the part begins and may tell a deferred length.</summary>
    public async Task<PartResult> AppendAsync(Upload upload, HttpContext http, UploadTurn turn, PartChecksum? checksum, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        if (PartRule.CheckOffset(headers, upload) is { } elsewhere)
            return Refused(upload, elsewhere);
        if (LengthRule.AtPart(headers, upload, room.MaxLength, out var length) is { } wrong)
            return Refused(upload, wrong);
        if (PartRule.CheckBodyLength(http.Request.ContentLength, upload, length, room.MaxLength) is { } tooLong)
            return Refused(upload, tooLong);
        if (upload.State == UploadState.Finished)
            return new PartResult(upload.ReceivedBytes, IsFinished: true, IsConnectionDead: false, null);
        if (SmallPartRule.Check(http.Request.ContentLength, upload, length) is { } tooSmall)
            return Refused(upload, tooSmall);
        upload.DeclaredLength = length;
        return await ReceiveAsync(upload, http, turn, checksum, cancellationToken);
    }

    /// <summary>The bytes themselves.</summary>
    public async Task<PartResult> ReceiveAsync(Upload upload, HttpContext http, UploadTurn turn, PartChecksum? checksum, CancellationToken cancellationToken)
    {
        using var key = await keys.RecordingKeyAsync(upload.RecordingId, cancellationToken);
        var role = upload.MediaType is null ? StoredMetadata.Open(upload, key).Role : DeclaredRole.None;
        var part = new IncomingPart(upload, key, http.Request.BodyReader, turn, role, checksum) { Actor = http.Actor(), Sender = MemberPass.Of(http), Aborted = http.RequestAborted };
        return await receiver.ReceiveAsync(part, cancellationToken);
    }

    private static PartResult Refused(Upload upload, Problem problem) => new(upload.ReceivedBytes, IsFinished: false, IsConnectionDead: false, problem);
}
