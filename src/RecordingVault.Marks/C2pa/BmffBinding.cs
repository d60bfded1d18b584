using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Marks.C2pa;

/// <summary>The hard binding of MP4 and its like, <c>c2pa.hash.bmff.v3</c>: SHA-256 over each box at the top, its offset before it, but for the manifest's own, the file type and the index of fragments, which others want left out.</summary>
internal static class BmffBinding
{
    public const string Label = "c2pa.hash.bmff.v3";

    private static readonly string[] s_left = ["ftyp", "mfra"];
    private static readonly byte[] s_manifest = TopBoxes.C2pa.ToArray();

    /// <summary>What it covers of a file that leaves, which has a box for the manifest already.</summary>
    /// <exception cref="LayoutRefusedException">Its boxes can't be read.</exception>
    public static async ValueTask<IReadOnlyList<BoundStretch>> CoverAsync(IByteSource file, CancellationToken cancellationToken)
    {
        var covered = new List<BoundStretch>();
        foreach (var box in await TopBoxes.ReadAsync(file, Mp4Layout.OwnBoxes, cancellationToken))
        {
            if (!s_left.Contains(box.Type, StringComparer.Ordinal) && await TopBoxes.UserAsync(file, box, s_manifest, null, 0, cancellationToken) is null)
                covered.Add(new BoundStretch(box.At, box.End, NamesPlace: true));
        }

        return covered;
    }

    /// <summary>The assertion as CBOR.</summary>
    public static byte[] Encode(byte[] hash) => CborMaps.Encode((IReadOnlyList<(string, object?)>)
    [
        ("exclusions", (object[])[Uuid(), .. s_left.Select(type => Exclusion("/" + type, null))]),
        ("alg", "sha256"),
        ("hash", hash),
        ("name", "all but the manifest, the file type and the index of fragments"),
    ]);

    private static IReadOnlyList<(string, object?)> Uuid() =>
        Exclusion("/uuid", new object[] { (IReadOnlyList<(string, object?)>)[("offset", Box.ShortHead), ("value", s_manifest)] });

    private static IReadOnlyList<(string, object?)> Exclusion(string path, object? data) => [("xpath", path), ("data", data)];
}
