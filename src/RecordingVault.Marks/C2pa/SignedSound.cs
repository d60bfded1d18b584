using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.C2pa;

/// <summary>MP3 and WAV with both marks: XMP, and a C2PA manifest bound to every byte around it (<c>c2pa.hash.data</c>); in an ID3 <c>GEOB</c> frame, or in the last chunk.</summary>
public static class SignedSound
{
    private delegate ValueTask<MarkedWith?> Marking(ReadOnlyMemory<byte> manifest);

    /// <summary>The marked MP3, after one read of it; null as <see cref="Id3Carrier.WriteAsync"/> says, where the manifest has no room, or the file's own can't be carried on.</summary>
    public static ValueTask<Splice?> Mp3Async(IByteSource source, XmpMark words, C2paMark mark, C2paSigner signer, CancellationToken cancellationToken) =>
        SignAsync(source, 0, manifest => Id3Carrier.WriteWithAsync(source, words, manifest, cancellationToken), words, mark, signer, cancellationToken);

    /// <summary>The marked WAV, after one read of it; null as <see cref="RiffCarrier.WriteAsync"/> says, or where the file's own manifest can't be carried on.</summary>
    public static ValueTask<Splice?> WavAsync(IByteSource source, XmpMark words, C2paMark mark, C2paSigner signer, CancellationToken cancellationToken) =>
        SignAsync(source, RiffCarrier.ChunkHead, manifest => RiffCarrier.WriteWithAsync(source, words, manifest, cancellationToken), words, mark, signer, cancellationToken);

    /// <param name="source">The file.</param>
    /// <param name="head">Bytes before the manifest that belong to its place, as readers see it: of a chunk its head too.</param>
    /// <param name="write">Marks the file and puts a manifest into it.</param>
    /// <param name="words">The mark in words.</param>
    /// <param name="mark">What the manifest says beside it.</param>
    /// <param name="signer">Signs it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private static async ValueTask<Splice?> SignAsync(IByteSource source, int head, Marking write, XmpMark words, C2paMark mark, C2paSigner signer, CancellationToken cancellationToken)
    {
        if (await write(default) is not { } plain || (plain.Earlier.IsEmpty ? [] : Jumbf.Manifests(plain.Earlier)) is not { } earlier)
            return null;
        // A binding has nearly one length whatever it binds: numbers take a few bytes more or less. The rest of the room, always even, is zeros behind the manifest.
        var length = (Manifest(DataBinding.Encode(long.MaxValue, int.MaxValue, new byte[32])).Length + 1) & ~1;
        if (await write(new byte[length]) is not { } unsigned)
            return null;
        var binding = await DataBinding.ReadAsync(unsigned.File, source, unsigned.At - head, head + length, cancellationToken);
        var manifest = new byte[length];
        Manifest(binding).CopyTo(manifest, 0);
        return (await write(manifest))?.File;

        byte[] Manifest(byte[] bound) => C2paManifest.Write(words.Tag, mark, DataBinding.Label, bound, signer, earlier);
    }
}
