using System.Text;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Editing;

/// <summary>Reads a recording's files under its own key and seals what is made of them, without some spans, under another recording's. What it reads goes nowhere else.</summary>
internal sealed class EditMaking(SealedStore store)
{
    /// <summary>Of captions, transcript or chat: as much as is shown of one.</summary>
    public const int MostTextBytes = 4 * 1024 * 1024;

    /// <summary>Encodes a film or sound without the spans, sealed as it flows: it lies on no disk in clear.</summary>
    /// <param name="length">What was found before, where the file does not say how long it lasts.</param>
    /// <param name="room">Bytes that it may take; null where nobody counts.</param>
    /// <param name="tell">Given whom to ask how far it is, 0 to 100.</param>
    /// <exception cref="MediaFailedException">It can't be read to its end, or not within the limits.</exception>
    public async Task<ManifestAsset> EncodeAsync(
        OwnerKey from, ManifestAsset original, double? length, EditSpans spans, OwnerKey to, long? room, Action<Func<int>> tell, CancellationToken cancellationToken)
    {
        if (Demuxer.For(original.MediaType) is not { } demuxer)
            throw new MediaFailedException(MediaFailure.NotMedia);
        using var reader = store.OpenAsset(from, from.TenantId, from.OwnerId, original);
        await using var desk = await MediaDesk.OpenAsync(reader, demuxer, cancellationToken);
        tell(() => desk.Percent);
        desk.Part = (0, 0);
        var facts = await desk.ProbeAsync(cancellationToken);
        var drawing = EditDrawing.Of(spans, facts);
        var lasts = RunLimits.LengthOf(facts.Duration ?? (length is { } seconds ? TimeSpan.FromSeconds(seconds) : null), original.Length);
        var most = Math.Min((4 * original.Length) + (1L << 30), Math.Max(room ?? long.MaxValue, 0));
        ManifestAsset? made = null;
        desk.Part = (0, 100);
        await desk.RunAsync(
            drawing.Output,
            async (stream, token) => made = await store.PutAssetAsync(to, Guid.CreateVersion7(), ObjectRole.OriginalSegment, drawing.MediaType, new BoundedStream(stream, most), token),
            RunLimits.ForEncoding(lasts), cancellationToken);
        tell(() => 100);
        return made is { Length: > 0 } ? made : throw new MediaFailedException(MediaFailure.Broken);
    }

    /// <summary>The text of captions, transcript or chat, no more of it than is shown of one.</summary>
    /// <exception cref="SealedFormatException">What is stored of it is damaged.</exception>
    public async Task<string> ReadTextAsync(OwnerKey key, ManifestAsset text, CancellationToken cancellationToken)
    {
        if (text.Length == 0)
            return "";
        using var reader = store.OpenAsset(key, key.TenantId, key.OwnerId, text);
        await using var part = await reader.OpenRangeAsync(0, Math.Min(text.Length, MostTextBytes), cancellationToken);
        using var bytes = new MemoryStream();
        await part.CopyToAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
