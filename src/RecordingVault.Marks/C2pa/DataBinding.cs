using System.Security.Cryptography;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.C2pa;

/// <summary>The hard binding of files without boxes, <c>c2pa.hash.data</c>: SHA-256 over everything but the place of the manifest.</summary>
internal static class DataBinding
{
    public const string Label = "c2pa.hash.data";

    /// <summary>The assertion as CBOR, after one read of the whole spliced file.</summary>
    public static async ValueTask<byte[]> ReadAsync(Splice splice, IByteSource source, long at, int length, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = new SplicedSource(splice, source);
        await hash.AppendAsync(file, 0, at, cancellationToken);
        await hash.AppendAsync(file, at + length, file.Length, cancellationToken);
        return Encode(at, length, hash.GetHashAndReset());
    }

    /// <summary>The assertion as CBOR.</summary>
    public static byte[] Encode(long at, int length, byte[] hash) => CborMaps.Encode((IReadOnlyList<(string, object?)>)
    [
        ("exclusions", new object[] { (IReadOnlyList<(string, object?)>)[("start", at), ("length", length)] }),
        ("name", "all but the manifest"),
        ("alg", "sha256"),
        ("hash", hash),
        ("pad", Array.Empty<byte>()),
    ]);
}
