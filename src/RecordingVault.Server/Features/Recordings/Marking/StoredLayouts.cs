using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>The media types of what is stored of a file for sending it with its mark. They are ours alone: no answer carries them.</summary>
internal static class LayoutMedia
{
    /// <summary>A layout (RecordingVault.Marks, MarkedLayout).</summary>
    public const string LaidOut = "application/vnd.recordingvault.layout";

    /// <summary>A sentence that says why there is none.</summary>
    public const string Refused = "application/vnd.recordingvault.no-layout";
}

/// <summary>What is needed to send a file with the mark of one tag: how it is put together, and its front, which was read back.</summary>
/// <param name="Front">All of it but the filler behind it.</param>
/// <param name="Digest">SHA-256 of the whole front.</param>
internal sealed record ServedMark(MarkedLayout Layout, UsageTag Tag, ReadOnlyMemory<byte> Front, byte Filler, ReadOnlyMemory<byte> Digest)
{
    public long Weight => Layout.Weight + Front.Length;
}

/// <summary>The front of a file could not be read back, or says something else than the tag in force: nothing leaves with it.</summary>
internal sealed class MarkFailedException(string message) : Exception(message);

/// <summary>Layouts as another slice makes and opens them; whoever sends files asks here.</summary>
internal interface IStoredLayouts
{
    /// <summary>Has the layouts of a recording made that are missing. It may be asked often.</summary>
    void Nudge(Guid recordingId);

    /// <summary>Whether a copy that can be marked may still be made of a file of which there is no layout.</summary>
    Task<bool> AwaitsCopyAsync(Guid assetId, CancellationToken cancellationToken);

    /// <summary>What was found damaged of a file a moment ago, when its layout was to be made; null where nothing was.</summary>
    FormatFailure? DamageOf(Guid assetId);

    /// <summary>Opens a layout and the front of a tag, and reads the front back.</summary>
    /// <exception cref="MarkFailedException">The front does not say the tag.</exception>
    /// <exception cref="SealedFormatException">What is stored is damaged.</exception>
    Task<ServedMark> OpenAsync(OwnerKey key, ManifestAsset stored, UsageTag tag, CancellationToken cancellationToken);
}
