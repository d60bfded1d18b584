using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Serving;
using RecordingVault.Server.Features.Signing;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>Signs files that leave for good: makes the front with both marks, by one read of the file, and the check that the finished file is read back with.</summary>
internal sealed class SignedFronts(SigningKeys signing)
{
    private static readonly string s_generator = $"RecordingVault/{typeof(SignedFronts).Assembly.GetName().Version!.ToString(3)}";

    /// <returns>Null where the file's kind takes no manifest, or it has no room in its front: then it leaves with its other mark alone.</returns>
    public async Task<SignedCopy?> MakeAsync(OpenedRelease release, ServedSource file, CancellationToken cancellationToken)
    {
        if (!SignedFront.Takes(release.Asset.MediaType) || file.Place is not { } place)
            return null;
        using var original = release.Bytes.AsItCame();
        using var held = await signing.OpenAsync(SigningUse.C2pa, cancellationToken);
        using var curve = held.Key.AsCurve();
        var (mark, certificate) = (new C2paMark(Guid.NewGuid(), release.Asset.MediaType, s_generator), held.Certificate!.Value);
        return await SignedFront.MakeAsync(place, original, release.Tag, mark, new C2paSigner(curve, [certificate]), cancellationToken) is { } front ? new SignedCopy(front, certificate) : null;
    }
}

/// <param name="Front">All of it.</param>
/// <param name="Certificate">Of the key that signed it: DER.</param>
internal sealed record SignedCopy(ReadOnlyMemory<byte> Front, ReadOnlyMemory<byte> Certificate);
