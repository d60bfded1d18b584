using System.Runtime.CompilerServices;
using System.Security.Cryptography;

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
    public Task<MovedObjects> MoveRecordingAsync(Guid tenantId, Guid recordingId, CancellationToken cancellationToken) =>
        MoveAsync(ObjectNames.OwnerPrefix(Keys.KeyKind.Recording, tenantId, recordingId), cancellationToken);

    /// <summary>Everything that is left: the vault's and the tenants' keys, and what belongs to no recording.</summary>
    public Task<MovedObjects> MoveRestAsync(CancellationToken cancellationToken) => MoveAsync("", cancellationToken);

    /// <summary>
    /// Where both are one store under two names, the copy would be the original, and be deleted. What is put into the one must not show in the other.
    /// </summary>
    /// <exception cref="ObjectStoreException">They are one.</exception>
    public async Task RequireApartAsync(CancellationToken cancellationToken)
    {
        var probe = ObjectName.Parse($"v/check/{Guid.NewGuid()}");
        await store.PutAsync(probe, new byte[16], cancellationToken);
        try
        {
            if (await former.FindAsync(probe, cancellationToken) is not null)
                throw new ObjectStoreException(StoreFailure.Refused, "The former store and the store are one and the same. Nothing was moved.");
        }
        finally
        {
            await store.DeleteAsync(probe, CancellationToken.None);
        }
    }

    private async Task<MovedObjects> MoveAsync(string prefix, CancellationToken cancellationToken)
    {
        await RequireApartAsync(cancellationToken);
        List<StoredObject> copied = [];
        await foreach (var found in former.ListAsync(prefix, cancellationToken))
        {
            await CopyAsync(found, cancellationToken);
            copied.Add(found);
        }
        await former.DeleteAsync([.. copied.Select(found => found.Name)], cancellationToken);
        return new MovedObjects(copied.Count, copied.Sum(found => found.LengthInBytes));
    }

    private async Task CopyAsync(StoredObject found, CancellationToken cancellationToken)
    {
        var name = found.Name;
        await using (var source = await former.OpenReadAsync(name, 0, found.LengthInBytes, cancellationToken)) await store.PutAsync(name, source, cancellationToken);
        if (await former.FindAsync(name, cancellationToken) is null)
        {
            // Somebody deleted it while it was copied, a destroyed key perhaps: it must not come back by us.
            await store.DeleteAsync(name, cancellationToken);
            return;
        }
        var (original, copy) = (await DigestAsync(former, found, cancellationToken), await DigestAsync(store, found, cancellationToken));
        if (!original.AsSpan().SequenceEqual(copy))
            throw new ObjectStoreException(StoreFailure.Misbehaving, $"The copy of {name} is not like it. Nothing was deleted.");
    }

    private static async Task<byte[]> DigestAsync(IObjectStore place, StoredObject found, CancellationToken cancellationToken)
    {
        // One byte more than it has: a longer copy is none.
        await using var stream = await place.OpenReadAsync(found.Name, 0, found.LengthInBytes + 1, cancellationToken);
        return await SHA256.HashDataAsync(stream, cancellationToken);
    }
}
