using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.C2pa;

/// <summary>What a manifest store says of the file that it lies beside.</summary>
public enum DetachedVerdict
{
    /// <summary>Its signature is right, and these are the bytes that it was signed for.</summary>
    Bound,

    /// <summary>Its signature is right, and the file was changed, or is another one.</summary>
    OtherBytes,

    /// <summary>It can't be read, its assertions are not those that its claim names, or nobody whom it names has signed it.</summary>
    NotSigned,

    /// <summary>Its signature is right, and it is bound to a file in a way that is not judged here: by its parts, or with some left out.</summary>
    NotJudged,
}

/// <param name="Verdict">On the store's active manifest.</param>
/// <param name="Certificate">Whom it names as its signer: DER. Empty where nobody can be read there.</param>
public sealed record DetachedFinding(DetachedVerdict Verdict, ReadOnlyMemory<byte> Certificate);

/// <summary>
/// A manifest store in a file of its own (C2PA 2.2, 11.4), for kinds in which none is embedded here: bound to every byte of the file beside it by its SHA-256, which is measured anyway.
/// </summary>
public static class DetachedManifest
{
    /// <summary>Whether files of a kind get one: all that can't be signed in themselves.</summary>
    /// <param name="mediaType">Without parameters.</param>
    public static bool IsFor(string mediaType) => !SignedFront.Takes(mediaType);

    /// <summary>The store; null where the file's own manifest can't be carried on.</summary>
    /// <param name="original">The file as it came.</param>
    /// <param name="sha256">Of the file as it will leave.</param>
    /// <param name="tag">What machines may do.</param>
    /// <param name="mark">What else it says.</param>
    /// <param name="signer">Signs it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<byte[]?> MakeAsync(IByteSource original, ReadOnlyMemory<byte> sha256, UsageTag tag, C2paMark mark, C2paSigner signer, CancellationToken cancellationToken)
    {
        // Of the kinds that are not signed here, AVI alone has a place in which somebody's manifest may stand.
        var earlier = MarkCarriers.Of(mark.MediaType) == MarkCarrier.Riff ? await SignedFront.EarlierAsync(original, mark.MediaType, cancellationToken) : [];
        return earlier is null ? null : C2paManifest.Write(tag, mark, DataBinding.Label, DataBinding.EncodeWhole(sha256.ToArray()), signer, earlier);
    }

    /// <summary>Reads a store back: whether it is signed by one key, says a tag and nothing else, and is bound to a file.</summary>
    /// <param name="store">All of it.</param>
    /// <param name="sha256">Of the file.</param>
    /// <param name="tag">What it must say.</param>
    /// <param name="certificate">Of the key that must have signed it: DER.</param>
    public static bool IsExactly(ReadOnlyMemory<byte> store, ReadOnlyMemory<byte> sha256, UsageTag tag, ReadOnlyMemory<byte> certificate) =>
        Judge(store, sha256) is { Verdict: DetachedVerdict.Bound, Certificate: var signer } && signer.Span.SequenceEqual(certificate.Span)
        && Jumbf.Manifests(store) is [.., var active] && SignedCheck.Assertions(active.Body) is { } assertions && SignedCheck.SaysUse(assertions, tag);

    /// <summary>Judges a store that anybody may have made. Whose key signed it is for the reader to compare.</summary>
    /// <param name="store">All of it.</param>
    /// <param name="sha256">Of the file beside it.</param>
    public static DetachedFinding Judge(ReadOnlyMemory<byte> store, ReadOnlyMemory<byte> sha256)
    {
        if (Jumbf.Manifests(store) is not [.., var active] || SignedCheck.SignerOf(active.Body) is not { } signer)
            return new DetachedFinding(DetachedVerdict.NotSigned, default);
        if (SignedCheck.Assertions(active.Body) is not { } assertions || !SignedCheck.IsSigned(active.Body, assertions, signer))
            return new DetachedFinding(DetachedVerdict.NotSigned, signer);
        if (SignedCheck.Said(assertions, DataBinding.Label) is not { } data || data.ContainsKey("exclusions") || data.GetValueOrDefault("alg") as string != "sha256" || data.GetValueOrDefault("hash") is not byte[] hash)
            return new DetachedFinding(DetachedVerdict.NotJudged, signer);
        return new DetachedFinding(hash.AsSpan().SequenceEqual(sha256.Span) ? DetachedVerdict.Bound : DetachedVerdict.OtherBytes, signer);
    }
}
