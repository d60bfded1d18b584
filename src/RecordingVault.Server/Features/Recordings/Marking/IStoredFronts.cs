using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>Fronts with both marks as another slice makes and opens them; whoever sends files to be kept asks here.</summary>
internal interface IStoredFronts
{
    /// <summary>Has the front of a file made. It may be asked often.</summary>
    void Nudge(Guid assetId);

    /// <summary>What was made of a file for the mark that is in force; null where that is still to be done.</summary>
    /// <param name="plain">What a view of it leaves with now.</param>
    Task<StoredFront?> FindAsync(Guid recordingId, Guid assetId, ServedMark plain, CancellationToken cancellationToken);

    /// <summary>Opens it and reads it back. One that is damaged is forgotten, so that who asks again has another.</summary>
    /// <exception cref="MarkFailedException">It does not say the tag.</exception>
    /// <exception cref="SealedFormatException">What is stored is damaged.</exception>
    Task<ServedMark> OpenAsync(OwnerKey key, StoredFront front, ServedMark plain, CancellationToken cancellationToken);
}
