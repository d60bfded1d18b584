namespace RecordingVault.Vault.Storage;

/// <summary>What a store says of itself, beside keeping and giving back.</summary>
/// <param name="KeepsVersions">What is deleted by others stays as an older version; what the vault deletes does not.</param>
/// <param name="DefaultRetention">Everything that is put can't be deleted for so long; null where it can.</param>
/// <param name="KeyRetention">The same of the bucket of wrapped keys.</param>
/// <param name="ClockDifference">How much its clock is ahead of ours; null where it tells none.</param>
public sealed record StoreTraits(bool KeepsVersions, bool HasLock, TimeSpan? DefaultRetention, TimeSpan? KeyRetention, TimeSpan? ClockDifference)
{
    public static readonly StoreTraits None = new(false, false, null, null, null);
}

/// <summary>How a store did when it was tried. Times are the middle of a few tries.</summary>
/// <param name="Faults">What it did wrong, in sentences; empty when all was right.</param>
/// <param name="Deletes">What is to be deleted goes; false where a retention keeps it, or a right is missing.</param>
/// <param name="RefusesOverwriting">It refuses a second object under a name by itself; without it, names that are never used twice are the only guard.</param>
/// <param name="Put">A segment of 4 MiB.</param>
/// <param name="FirstByte">To the first of 64 KiB from its middle.</param>
public sealed record StoreExamination(IReadOnlyList<string> Faults, bool Deletes, bool RefusesOverwriting, StoreTraits Traits, TimeSpan Put, TimeSpan FirstByte);
