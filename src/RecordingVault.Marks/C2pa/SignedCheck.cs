using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Security.Cryptography.Cose;
using System.Security.Cryptography.X509Certificates;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.C2pa;

/// <summary>
/// A signed file read back as it leaves, by its own bytes: its packet and its active manifest say the tag, the manifest's hashes and signature are right, and, when the whole file has
/// gone by, its binding is to these bytes.
/// </summary>
public sealed class SignedCheck : IDisposable
{
    private readonly byte[] bound;
    private readonly BindingHash binding;

    private SignedCheck(byte[] bound, IReadOnlyList<BoundStretch> covered) => (this.bound, binding) = (bound, new BindingHash(covered));

    /// <summary>Reads the marks; null where one of them is missing, broken or says something else.</summary>
    /// <param name="file">As it will leave.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="tag">What its marks must say.</param>
    /// <param name="certificate">Of the key that signed it: DER.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<SignedCheck?> BeginAsync(IByteSource file, string mediaType, UsageTag tag, ReadOnlyMemory<byte> certificate, CancellationToken cancellationToken)
    {
        var packets = (await FileMarks.FindAsync(file, mediaType, cancellationToken)).Where(mark => mark.Carrier.StartsWith("XMP", StringComparison.Ordinal)).ToList();
        if (!MarkedFront.IsExactly(packets, tag) || await SignedFront.StoreAsync(file, mediaType, cancellationToken) is not { IsEmpty: false } store || Jumbf.Manifests(store) is not [.., var active])
            return null;
        if (Assertions(active.Body) is not { } assertions || !IsSigned(active.Body, assertions, certificate) || !SaysUse(assertions, tag))
            return null;
        if (MarkCarriers.Of(mediaType) == MarkCarrier.Mp4)
            return Said(assertions, BmffBinding.Label)?.GetValueOrDefault("hash") is byte[] hash ? new SignedCheck(hash, await BmffBinding.CoverAsync(file, cancellationToken)) : null;
        if (Said(assertions, DataBinding.Label) is not { } data || data.GetValueOrDefault("hash") is not byte[] digest || data.GetValueOrDefault("exclusions") is not List<object?> { Count: 1 } excluded
            || excluded[0] is not Dictionary<string, object?> place || place.GetValueOrDefault("start") is not long start || place.GetValueOrDefault("length") is not long length)
            return null;
        // What is left out is the place of the manifest and nothing more.
        var head = SignedFront.HeadOf(mediaType);
        return length == head + store.Length && await file.PartAsync(start + head, store.Length, cancellationToken) is { } there && there.AsSpan().SequenceEqual(store.Span)
            ? new SignedCheck(digest, DataBinding.Cover(start, (int)length, file.Length)) : null;
    }

    /// <summary>The bytes of the file that come next.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => binding.Append(bytes);

    /// <summary>After its last byte: whether the manifest is bound to what went by.</summary>
    public bool IsBound() => binding.Finish().AsSpan().SequenceEqual(bound);

    public void Dispose() => binding.Dispose();

    internal static List<(string Label, ReadOnlyMemory<byte> Body)>? Assertions(ReadOnlyMemory<byte> manifest) =>
        Jumbf.Inside(manifest, "c2pa.assertions") is [var store] ? Jumbf.Labelled(store)?.ToList() : null;

    /// <summary>The claim names each assertion once, with its hash, and the certificate's key has signed it.</summary>
    internal static bool IsSigned(ReadOnlyMemory<byte> manifest, List<(string Label, ReadOnlyMemory<byte> Body)> assertions, ReadOnlyMemory<byte> certificate)
    {
        if (Jumbf.Inside(manifest, "c2pa.claim.v2") is not [var claimed] || Jumbf.CborOf(claimed) is not { } claim || Jumbf.Inside(manifest, "c2pa.signature") is not [var signed] || Jumbf.CborOf(signed) is not { } signature)
            return false;
        if (CborMaps.Decode(claim) is not Dictionary<string, object?> members || members.GetValueOrDefault("created_assertions") is not List<object?> references || references.Count != assertions.Count)
            return false;
        foreach (var (reference, assertion) in references.Zip(assertions))
        {
            if (reference is not Dictionary<string, object?> named || named.GetValueOrDefault("url") is not string url || url != $"self#jumbf=c2pa.assertions/{assertion.Label}"
                || named.GetValueOrDefault("hash") is not byte[] hash || !hash.AsSpan().SequenceEqual(SHA256.HashData(assertion.Body.Span)))
                return false;
        }

        return IsSignedBy(claim, signature, certificate);
    }

    private static bool IsSignedBy(ReadOnlyMemory<byte> claim, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> certificate)
    {
        try
        {
            using var leaf = X509CertificateLoader.LoadCertificate(certificate.Span);
            using var key = leaf.GetECDsaPublicKey();
            var message = CoseMessage.DecodeSign1(signature.Span);
            return key is not null && Leaf(message) is { } named && named.Span.SequenceEqual(certificate.Span) && message.VerifyDetached(key, claim.Span);
        }
        catch (Exception broken) when (broken is CryptographicException or CborContentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The certificate (DER) that a manifest names as its signer's; null where it names none that can be read. That it signed is not looked at.</summary>
    internal static ReadOnlyMemory<byte>? SignerOf(ReadOnlyMemory<byte> manifest)
    {
        try
        {
            return Jumbf.Inside(manifest, "c2pa.signature") is [var signed] && Jumbf.CborOf(signed) is { } signature ? Leaf(CoseMessage.DecodeSign1(signature.Span)) : null;
        }
        catch (Exception broken) when (broken is CryptographicException or CborContentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The first certificate of the chain: one alone stands there by itself, several in a list.</summary>
    private static ReadOnlyMemory<byte>? Leaf(CoseSign1Message message)
    {
        if (!message.ProtectedHeaders.TryGetValue(C2paSigner.Chain, out var chain))
            return null;
        var reader = new CborReader(chain.EncodedValue);
        if (reader.PeekState() == CborReaderState.StartArray)
            reader.ReadStartArray();
        return reader.ReadByteString();
    }

    internal static bool SaysUse(List<(string Label, ReadOnlyMemory<byte> Body)> assertions, UsageTag tag)
    {
        if (Said(assertions, C2paManifest.TrainingMining)?.GetValueOrDefault("entries") is not Dictionary<string, object?> entries)
            return false;
        var expected = CawgEntries.Of(tag);
        return entries.Count == expected.Count && expected.All(entry => entries.GetValueOrDefault(entry.Label) is Dictionary<string, object?> said
            && said.GetValueOrDefault("use") as string == entry.Use && said.GetValueOrDefault("constraint_info") as string == entry.Constraint);
    }

    internal static Dictionary<string, object?>? Said(List<(string Label, ReadOnlyMemory<byte> Body)> assertions, string label) =>
        assertions.Where(assertion => assertion.Label == label).ToList() is [var one] && Jumbf.CborOf(one.Body) is { } cbor ? CborMaps.Decode(cbor) as Dictionary<string, object?> : null;
}
