using RecordingVault.Marks.Vocabulary;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Marking;

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
