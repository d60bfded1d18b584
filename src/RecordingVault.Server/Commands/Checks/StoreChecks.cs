using System.Globalization;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Whether the store does what the vault stands on, tried with objects of the check's own, and what it can do beyond.</summary>
internal sealed class StoreChecks(SealedStore store)
{
    /// <summary>S3 refuses requests whose time is a quarter of an hour off.</summary>
    private static readonly TimeSpan ClockLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ClockNotice = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Finding>> RunAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        try
        {
            return [.. Tell(await store.ExamineAsync(cancellationToken), vault.Storage)];
        }
        catch (ObjectStoreException failed)
        {
            return [Finding.Unsafe("store", failed.Message, "Look at Vault__Storage__S3__…, at the store itself and at its rights: the vault needs to put, get, list and delete.")];
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return [Finding.Unsafe("store", $"does not keep what it is given ({broken.GetType().Name}).", "Look at its path, its owner and the free space.")];
        }
    }

    public static IEnumerable<Finding> Tell(StoreExamination found, StorageOptions storage)
    {
        yield return found.Faults.Count == 0
            ? Finding.Ok("store", $"keeps, gives back ranges{(found.Deletes ? ", lists and deletes" : " and lists")} as it should.")
            : Finding.Unsafe("store", string.Join(' ', found.Faults), "Don't keep recordings in it before this is mended.");
        if (!found.Deletes && found.Traits.DefaultRetention is null)
            yield return Finding.Unsafe("store deletes", "nothing: a right is missing, or something keeps every object.", "Give the vault's key the right to delete objects, and their versions where there are some.");
        yield return Finding.Ok("store speed", $"4 MiB are kept in {Milliseconds(found.Put)} ms; the first byte of a range comes after {Milliseconds(found.FirstByte)} ms.");
        if (storage.Provider != StorageProvider.S3)
            yield break;
        if (!storage.S3.UseTls && !storage.S3.Location().IsLoopback)
            yield return Finding.Look("store line", "is not encrypted (Vault__Storage__S3__UseTls is false). What goes over it is sealed, but who may ask is not hidden.", "Use TLS, or a network that nobody else is in.");
        yield return found.RefusesOverwriting
            ? Finding.Ok("store overwriting", "a second object under a name is refused.")
            : Finding.Ok("store overwriting", "a second object under a name is not refused by this store; the vault never uses a name twice.");
        foreach (var finding in Traits(found.Traits))
            yield return finding;
    }

    private static IEnumerable<Finding> Traits(StoreTraits traits)
    {
        if (traits.ClockDifference is { } difference && difference.Duration() > ClockNotice)
        {
            yield return difference.Duration() > ClockLimit
                ? Finding.Unsafe("store clock", $"differs from this machine's by {difference.Duration().TotalMinutes:0} minutes: signed requests are refused.", "Set both clocks by NTP.")
                : Finding.Look("store clock", $"differs from this machine's by {difference.Duration().TotalSeconds:0} seconds.", "Set both clocks by NTP; from 15 minutes on requests are refused.");
        }

        if (traits.KeepsVersions)
        {
            yield return Finding.Look(
                "store versions", "are kept: what somebody else overwrites or deletes can be had back, and what the vault deletes is deleted with all its versions.",
                "Nothing to do. The vault's key needs the right to list and delete versions.");
        }

        if (traits.DefaultRetention is { } kept)
        {
            yield return Finding.Look(
                "store retention", $"everything is kept for {kept.TotalDays:0} days after it was put, whatever is asked: disposed recordings are unreadable at once, since their key goes, but their bytes stay for so long, and so do parts of uploads.",
                "Take the default retention away, unless you want this.");
        }

        if (traits.KeyRetention is { } keysKept)
        {
            yield return Finding.Unsafe(
                "key bucket", $"wrapped keys are kept for {keysKept.TotalDays:0} days, whatever is asked: no recording could be disposed of.",
                "Name a bucket without a default retention: Vault__Storage__S3__KeyBucket.");
        }

        yield return traits.HasLock
            ? Finding.Ok("store lock", "Object Lock is there. The vault does not need it.")
            : Finding.Ok("store lock", "Object Lock is not there. The vault does not need it: holds and retention stand in its database.");
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture);
}
