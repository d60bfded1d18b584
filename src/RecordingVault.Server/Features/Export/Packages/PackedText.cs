using System.Text;
using System.Text.Json;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Playback.Captions;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>
/// How a transcript or a chat that came as a file lies in a package: word for word as it came, and marked where its kind has a place. Captions are written anew instead, because a player shows them.
/// </summary>
/// <param name="MediaType">Of what lies there.</param>
/// <param name="Marked">The whole text with its mark in it, read back; null where the mark lies beside it and the text is what is stored.</param>
/// <param name="Carrier">Where the mark is.</param>
internal sealed record PackedText(string MediaType, string Ending, byte[]? Marked, string Carrier)
{
    private const string Vtt = "text/vtt", Json = "application/json", SubRip = "application/x-subrip", Plain = "text/plain";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What takes a mark inside is held in memory while it is marked, and not beyond a length.</summary>
    public static bool IsTooLong(OpenedRelease text) => text.Asset.MediaType is Vtt or Json && text.Reader.Length > CaptionAnswer.MostBytes;

    /// <returns>Null where it can't be marked: it is of a kind that takes a mark, and says another one or takes none.</returns>
    /// <exception cref="RecordingVault.Vault.Format.SealedFormatException">What is stored of it is damaged.</exception>
    public static async Task<PackedText?> OfAsync(OpenedRelease text, CancellationToken cancellationToken) => text.Asset.MediaType switch
    {
        Vtt => await ReadAsync(text, cancellationToken) is { } captions ? OfVtt(captions, text.Tag) : null,
        Json => OfJson(await ReadAsync(text, cancellationToken), text.Tag),
        SubRip => Beside(SubRip, ".srt"),
        _ => Beside(Plain, ".txt"),
    };

    private static PackedText? OfVtt(string text, UsageTag tag) =>
        VttCarrier.Write(text, tag) is { } marked && VttCarrier.Read(marked) is [{ Value: var name }] && name == tag.Name ? new PackedText(Vtt, ".vtt", s_strict.GetBytes(marked), CarrierNames.Vtt) : null;

    private static PackedText? OfJson(string? text, UsageTag tag)
    {
        // A line of a chat may begin with a bracket and be no JSON: it is a text, and called one.
        if (text is null || !IsJson(text))
            return Beside(Plain, ".txt");
        if (UsageMember.Write(text, tag) is { } marked)
            return UsageMember.Says(marked, tag) ? new PackedText(Json, ".json", s_strict.GetBytes(marked), CarrierNames.Json) : null;
        // Two marks that disagree must not stand side by side.
        return UsageMember.Read(text).Count == 0 ? Beside(Json, ".json") : null;
    }

    private static PackedText Beside(string mediaType, string ending) => new(mediaType, ending, null, CarrierNames.Sidecar);

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Null where it is no UTF-8 after all: the first bytes alone were looked at when it came.</summary>
    private static async Task<string?> ReadAsync(OpenedRelease text, CancellationToken cancellationToken)
    {
        try
        {
            return s_strict.GetString(await CaptionAnswer.ReadBytesAsync(text, cancellationToken));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
