using System.Globalization;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>For how long a recording is kept, and what keeps it. The slice above decides; whoever would let bytes go asks here, inside the transaction that lets them go.</summary>
internal interface IRecordingKeeping
{
    /// <summary>Behind the tenant's turn, in the running transaction: the refusal where a hold stands, which no byte, key or wish gets past. Null where none does.</summary>
    Task<Problem?> HoldAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Which of them are held, and for what: for lists, and for a change of many behind the tenant's turn.</summary>
    /// <returns>Only those that are.</returns>
    Task<IReadOnlyDictionary<Guid, RecordingHold>> HoldsAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken);

    /// <summary>Behind the tenant's turn, in the running transaction: why it may not be destroyed now, of a hold or of a rule that obliges to keep it. Null where nothing speaks against it.</summary>
    Task<Problem?> DestructionAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>How many holds on it were lifted: with none standing, how often somebody looked.</summary>
    Task<int> LiftedHoldsAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>In the running transaction: something that its date depends on has changed, and its row has not. The next reckoning goes over it.</summary>
    Task ForgetDateAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>In the running transaction: people were told of a day that something came in between of, and have a week again before it goes.</summary>
    Task ForgetNoticeAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken);

    /// <summary>Behind the tenant's turn, in the running transaction: what kept the one keeps the other, which its files go into. The caller saves.</summary>
    /// <param name="memberId">Who had the files moved.</param>
    /// <param name="key">The other one's key.</param>
    Task CarryAsync(Guid fromId, Guid toId, Guid memberId, OwnerKey key, CancellationToken cancellationToken);

    /// <summary>In the running transaction: rows that would outlive a recording which never held anything.</summary>
    Task LetGoAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>What a card would say now, behind the tenant's turn.</summary>
    Task<KeepingOnCard> OnCardAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Reckons its date anew from all that it depends on. It may come again, and from two nodes at once.</summary>
    /// <returns>What its card says of it.</returns>
    Task<KeepingOnCard> ReckonAsync(Guid recordingId, CancellationToken cancellationToken);
}

/// <param name="Matters">The oldest hold first.</param>
/// <param name="Since">Of the oldest hold.</param>
public sealed record RecordingHold(IReadOnlyList<HeldFor> Matters, DateTimeOffset Since)
{
    /// <summary>Why it can't be deleted, as a line of a list says it.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture, $"It cannot be deleted: {(Matters.Count == 1 ? "matter" : "matters")} {string.Join(", ", Matters.Select(matter => matter.Name))} {(Matters.Count == 1 ? "holds" : "hold")} it since {Since:d MMMM yyyy}.");
}

/// <param name="Id">Of the matter.</param>
public sealed record HeldFor(Guid Id, string Name, DateTimeOffset Since);

/// <param name="DisposeAt">Null where it is kept until somebody decides.</param>
internal sealed record KeepingOnCard(bool IsHeld, DateTimeOffset? DisposeAt);

/// <summary>What the ledger of consent knows that a period may be counted from. The slice above keeps it.</summary>
internal interface IConsentWithdrawals
{
    /// <summary>Since when somebody in them has taken back that they are kept or watched: of each recording the earliest that still stands. Who agreed anew does not count.</summary>
    /// <returns>Only those in which somebody has.</returns>
    Task<IReadOnlyDictionary<Guid, DateTimeOffset>> SinceAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken);
}
