using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Harness;

/// <summary>Files signed as they leave: laid out, put together with the front of a tag, signed, and read back by our own reader before anybody else's.</summary>
internal static class SignedFile
{
    public static async Task<byte[]> MakeAsync(MemorySource source, string mediaType, UsageTag tag, TestAuthority authority, CancellationToken ct)
    {
        var place = await PlaceAsync(source, mediaType, tag, ct);
        var front = await SignedFront.MakeAsync(place, source, tag, new C2paMark(Guid.CreateVersion7(), mediaType, "RecordingVault/0.1.0"), authority.Signer, ct);
        var file = place.With(front!);
        var bytes = new byte[file.Length];
        await file.ReadAsync(0, bytes, ct);
        Assert.True(await IsReadBackAsync(bytes, mediaType, tag, authority, ct));
        return bytes;
    }

    public static async Task<bool> IsReadBackAsync(byte[] bytes, string mediaType, UsageTag tag, TestAuthority authority, CancellationToken ct)
    {
        using var check = await SignedCheck.BeginAsync(new MemorySource(bytes), mediaType, tag, authority.Signer.Certificates[0], ct);
        // In parts that end where nothing ends.
        foreach (var part in bytes.Chunk(77_777))
            check?.Append(part);
        return check?.IsBound() ?? false;
    }

    /// <summary>As it leaves with XMP alone, from its stored layout.</summary>
    public static async Task<PlacedFront> PlaceAsync(MemorySource source, string mediaType, UsageTag tag, CancellationToken ct)
    {
        var stored = (await LayoutWriter.MakeAsync(source, mediaType, null, ct)).Stored!;
        var layout = MarkedLayout.Read(stored.AsMemory(0, MarkedLayout.HeadLength(stored)), stored.Length);
        var laid = layout.FrontOf(tag)!;
        var front = new byte[layout.FrontLength];
        stored.AsSpan((int)laid.Offset, laid.Used).CopyTo(front);
        front.AsSpan(laid.Used).Fill(laid.Filler);
        var file = new byte[layout.Length];
        var at = 0;
        foreach (var piece in layout.Pieces)
        {
            var target = file.AsMemory(at, (int)piece.Length);
            switch (piece.Kind)
            {
                case LaidKind.Source:
                    await source.ReadAsync(piece.Offset, target, ct);
                    break;
                case LaidKind.Stored:
                    stored.AsMemory((int)piece.Offset, (int)piece.Length).CopyTo(target);
                    break;
                case LaidKind.Own:
                    layout.OwnBytes(piece).CopyTo(target);
                    break;
                default:
                    front.CopyTo(target);
                    break;
            }

            at += (int)piece.Length;
        }

        return new PlacedFront(new MemorySource(file), layout.FrontAt, layout.FrontLength);
    }
}
