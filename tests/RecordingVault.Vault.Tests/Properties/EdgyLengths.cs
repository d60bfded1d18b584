using FsCheck;
using FsCheck.Fluent;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Tests.Properties;

/// <summary>Bytes in an object, mostly around the borders of chunks.</summary>
public sealed record EdgyLength(int Value);

/// <summary>Segments of an original, short ones anywhere.</summary>
public sealed record EdgySegments(int[] Lengths);

public static class EdgyLengths
{
    public static Arbitrary<EdgyLength> One() => Length(5).Select(value => new EdgyLength(value)).ToArbitrary();

    public static Arbitrary<EdgySegments> Several() =>
        Gen.Choose(1, 5).SelectMany(count => Length(3).Select(value => Math.Max(1, value)).ArrayOf(count)).Select(lengths => new EdgySegments(lengths)).ToArbitrary();

    private static Gen<int> Length(int maxChunks) => Gen.OneOf(
        Gen.Choose(0, 40),
        Gen.Choose(0, maxChunks).SelectMany(chunks => Gen.Choose(-3, 3).Select(more => Math.Max(0, (chunks * SealedLayout.ChunkLength) + more))),
        Gen.Choose(0, maxChunks * SealedLayout.ChunkLength));
}
