using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Signing;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>Signs files that leave for good: makes the front with both marks, by one read of the file.</summary>
internal sealed class SignedFronts(SigningKeys signing)
{
    private static readonly string s_generator = $"RecordingVault/{typeof(SignedFronts).Assembly.GetName().Version!.ToString(3)}";

    /// <param name="place">The file as it leaves without a manifest.</param>
    /// <param name="original">The file as it came.</param>
    /// <param name="mediaType">Of both.</param>
    /// <param name="tag">The one in force, which its packet says.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where the file's kind takes no manifest, or it has no room in its front: then it leaves with its other mark alone.</returns>
    public async Task<SignedCopy?> MakeAsync(PlacedFront place, IByteSource original, string mediaType, UsageTag tag, CancellationToken cancellationToken)
    {
        if (!SignedFront.Takes(mediaType))
            return null;
        using var held = await signing.OpenAsync(SigningUse.C2pa, cancellationToken);
        using var curve = held.Key.AsCurve();
        var (mark, certificate) = (new C2paMark(Guid.NewGuid(), mediaType, s_generator), held.Certificate!.Value);
        return await SignedFront.MakeAsync(place, original, tag, mark, new C2paSigner(curve, [certificate]), cancellationToken) is { } front ? new SignedCopy(front, certificate) : null;
    }

    /// <summary>A manifest store that lies beside a file in which none is embedded.</summary>
    /// <param name="original">The file as it came.</param>
    /// <param name="sha256">Of the file as it will leave.</param>
    /// <param name="mediaType">Of the file that leaves.</param>
    /// <param name="isUnchanged">Whether it leaves byte by byte as it came.</param>
    /// <param name="tag">The one in force.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where the file has a manifest of its own that can't be carried on.</returns>
    public async Task<SignedStore?> MakeBesideAsync(IByteSource original, ReadOnlyMemory<byte> sha256, string mediaType, bool isUnchanged, UsageTag tag, CancellationToken cancellationToken)
    {
        using var held = await signing.OpenAsync(SigningUse.C2pa, cancellationToken);
        using var curve = held.Key.AsCurve();
        var (mark, certificate) = (new C2paMark(Guid.NewGuid(), mediaType, s_generator) { IsUnchanged = isUnchanged }, held.Certificate!.Value);
        return await DetachedManifest.MakeAsync(original, sha256, tag, mark, new C2paSigner(curve, [certificate]), cancellationToken) is { } store ? new SignedStore(store, certificate) : null;
    }
}

/// <param name="Store">A manifest store, all of it.</param>
/// <param name="Certificate">Of the key that signed it: DER.</param>
internal sealed record SignedStore(byte[] Store, ReadOnlyMemory<byte> Certificate);

/// <param name="Front">All of it.</param>
/// <param name="Certificate">Of the key that signed it: DER.</param>
internal sealed record SignedCopy(ReadOnlyMemory<byte> Front, ReadOnlyMemory<byte> Certificate);
