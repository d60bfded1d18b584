using RecordingVault.Marks.Vocabulary;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings.Marking;

/// <summary>Copies with a visible mark as another slice makes them; whoever sends files asks here.</summary>
internal interface IRecipientCopies
{
    /// <summary>The copy of one link as it may leave now. One that says what is no longer so is put back among what has to be made.</summary>
    /// <param name="tag">The one in force.</param>
    /// <exception cref="SealedFormatException">What is stored of it is damaged: it is made anew.</exception>
    Task<FoundCopy> FindAsync(OwnerKey key, Recording recording, UsageTag tag, Guid copyId, CancellationToken cancellationToken);

    /// <summary>Its file, where one may leave now.</summary>
    Task<Guid?> GoodAsync(Recording recording, UsageTag tag, Guid copyId, CancellationToken cancellationToken);

    /// <summary>Has it made once more: this one can't leave as it is.</summary>
    /// <param name="isWhole">The film is encoded anew, and not only its front signed.</param>
    Task MakeAnewAsync(Guid copyId, Guid assetId, bool isWhole, CancellationToken cancellationToken);
}

/// <param name="Copy">Null where it can't leave: it is being made, or could not be.</param>
/// <param name="HasFailed">Nobody is at it any more.</param>
internal sealed record FoundCopy((CopyParts Parts, StoredFront? Front)? Copy, bool HasFailed);
