namespace RecordingVault.Marks.C2pa;

/// <summary>The hard binding of files without boxes, <c>c2pa.hash.data</c>: SHA-256 over everything but the place of the manifest.</summary>
internal static class DataBinding
{
    public const string Label = "c2pa.hash.data";

    /// <summary>What it covers of a file of a length, where the manifest has its place.</summary>
    public static IReadOnlyList<BoundStretch> Cover(long at, int length, long fileLength) =>
        [.. new[] { new BoundStretch(0, at, false), new BoundStretch(at + length, fileLength, false) }.Where(stretch => stretch.End > stretch.Begin)];

    /// <summary>The assertion as CBOR.</summary>
    public static byte[] Encode(long at, int length, byte[] hash) => CborMaps.Encode((IReadOnlyList<(string, object?)>)
    [
        ("exclusions", new object[] { (IReadOnlyList<(string, object?)>)[("start", at), ("length", length)] }),
        ("name", "all but the manifest"),
        ("alg", "sha256"),
        ("hash", hash),
        ("pad", Array.Empty<byte>()),
    ]);

    /// <summary>The assertion of a manifest that stands in no file: nothing is left out.</summary>
    public static byte[] EncodeWhole(byte[] hash) => CborMaps.Encode((IReadOnlyList<(string, object?)>)
    [
        ("name", "the whole file"),
        ("alg", "sha256"),
        ("hash", hash),
        ("pad", Array.Empty<byte>()),
    ]);
}
