using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage;

/// <summary>What was moved.</summary>
/// <param name="Bytes">Sealed bytes.</param>
public sealed record MovedObjects(int Count, long Bytes)
{
    public static MovedObjects operator +(MovedObjects left, MovedObjects right) => new(left.Count + right.Count, left.Bytes + right.Bytes);
}

/// <summary>
/// Moves sealed objects, as they are and under their names, from a former store into the present one: no key is needed and nothing is opened. A recording's objects
/// are all copied and read back before the first of them is deleted, so at any instant each is in one of the two. Stopped anywhere, it goes on where it was.
/// </summary>
public sealed class StoreMoving
{
    private readonly IObjectStore store;
    private readonly IObjectStore former;

    internal StoreMoving(IObjectStore store, IObjectStore former) => (this.store, this.former) = (store, former);

    /// <summary>Whether a recording was destroyed, or is being: what was deleted of it while it was copied must not come back by the copy. Asked of the database, after the fact.</summary>
    public delegate Task<bool> IsDestroyed(Guid tenantId, Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Tenants and recordings of which the former store still has something.</summary>
    public async IAsyncEnumerable<(Guid TenantId, Guid RecordingId)> ListRecordingsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var tenant in former.ListFoldersAsync(ObjectNames.TenantsPrefix, cancellationToken))
        {
            if (!ObjectNames.TryId(tenant, out var tenantId)) continue;
            await foreach (var recording in former.ListFoldersAsync(ObjectNames.RecordingsPrefix(tenantId), cancellationToken))
            {
                if (ObjectNames.TryId(recording, out var recordingId)) yield return (tenantId, recordingId);
            }
        }
    }

    /// <summary>Everything that stands under one recording, its key objects too.</summary>
    public Task<MovedObjects> MoveRecordingAsync(Guid tenantId, Guid recordingId, IsDestroyed isDestroyed, CancellationToken cancellationToken) =>
        MoveAsync(ObjectNames.OwnerPrefix(Keys.KeyKind.Recording, tenantId, recordingId), isDestroyed, cancellationToken);

    /// <summary>Everything that is left: the vault's and the tenants' keys, and what belongs to no recording.</summary>
    public Task<MovedObjects> MoveRestAsync(IsDestroyed isDestroyed, CancellationToken cancellationToken) => MoveAsync("", isDestroyed, cancellationToken);

    /// <summary>Whether nothing is left in the former store.</summary>
    public async Task<bool> IsFormerEmptyAsync(CancellationToken cancellationToken) => !await former.ListAsync("", cancellationToken).AnyAsync(cancellationToken);

    /// <summary>
    /// Where both are one store under two names, the copy would be the original, and be deleted. What is put into the one must not show in the other, a key object
    /// as little as any other, since keys may lie in a bucket of their own.
    /// </summary>
    /// <exception cref="ObjectStoreException">They are one, or share a bucket.</exception>
    public async Task RequireApartAsync(CancellationToken cancellationToken)
    {
        foreach (var probe in (ObjectName[])[ObjectName.Parse($"v/check/{Guid.NewGuid()}"), ObjectNames.KeyProbe()])
        {
            await store.PutAsync(probe, new byte[16], cancellationToken);
            try
            {
                if (await former.FindAsync(probe, cancellationToken) is not null)
                    throw new ObjectStoreException(StoreFailure.Refused, "The former store and the store are one and the same, or share a bucket. Nothing was moved.");
            }
            finally
            {
                await store.DeleteAsync(probe, CancellationToken.None);
            }
        }
    }

    private async Task<MovedObjects> MoveAsync(string prefix, IsDestroyed isDestroyed, CancellationToken cancellationToken)
    {
        await RequireApartAsync(cancellationToken);
        List<StoredObject> copied = [];
        await foreach (var found in former.ListAsync(prefix, cancellationToken))
        {
            if (await CopyAsync(found, cancellationToken)) copied.Add(found);
            else await TakeBackAsync(found.Name, isDestroyed, cancellationToken);
        }
        await former.DeleteAsync([.. copied.Select(found => found.Name)], cancellationToken);
        return new MovedObjects(copied.Count, copied.Sum(found => found.LengthInBytes));
    }

    /// <summary>False when it went away while it was copied.</summary>
    private async Task<bool> CopyAsync(StoredObject found, CancellationToken cancellationToken)
    {
        var name = found.Name;
        try
        {
            await using (var source = await former.OpenReadAsync(name, 0, found.LengthInBytes, cancellationToken)) await store.PutAsync(name, source, cancellationToken);
            if (await former.FindAsync(name, cancellationToken) is null) return false;
            var (original, copy) = (await DigestAsync(former, found, cancellationToken), await DigestAsync(store, found, cancellationToken));
            return original.AsSpan().SequenceEqual(copy) ? true : throw new ObjectStoreException(StoreFailure.Misbehaving, $"The copy of {name} is not like it. Nothing was deleted.");
        }
        catch (SealedFormatException missing) when (missing.Failure == FormatFailure.Missing)
        {
            return false;
        }
    }

    /// <summary>
    /// What went away was deleted, a destroyed key perhaps, or it was moved by somebody else who does the same as we: then the copy is the only one and stays.
    /// </summary>
    private async Task TakeBackAsync(ObjectName name, IsDestroyed isDestroyed, CancellationToken cancellationToken)
    {
        if (ObjectNames.RecordingOf(name) is { } owner && await isDestroyed(owner.TenantId, owner.RecordingId, cancellationToken))
            await store.DeleteAsync(name, cancellationToken);
    }

    private static async Task<byte[]> DigestAsync(IObjectStore place, StoredObject found, CancellationToken cancellationToken)
    {
        // One byte more than it has: a longer copy is none.
        await using var stream = await place.OpenReadAsync(found.Name, 0, found.LengthInBytes + 1, cancellationToken);
        return await SHA256.HashDataAsync(stream, cancellationToken);
    }
}
