using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Keys;

/// <summary>The keys of the scope's tenant. Every key that it hands out is a copy that the asker disposes.</summary>
internal sealed class TenantKeys(VaultDbContext db, VaultKeyring keyring, SealedStore store, TimeProvider time)
{
    /// <summary>The key of the tenant's own columns and digests.</summary>
    public Task<TenantDataKey> DataKeyAsync(CancellationToken cancellationToken) =>
        OpenAsync(KeyKind.TenantData, Guid.Empty, KeyHierarchy.OpenTenantDataKey, cancellationToken);

    /// <exception cref="KeyDestroyedException">No wrap of the recording's key is left: it was disposed of.</exception>
    public Task<OwnerKey> RecordingKeyAsync(Guid recordingId, CancellationToken cancellationToken) =>
        OpenAsync(KeyKind.Recording, recordingId, KeyHierarchy.OpenOwnerKey, cancellationToken);

    /// <summary>Opens the keys of a page of recordings by one query, so that asking for each of them then reads nothing.</summary>
    public Task OpenRecordingKeysAsync(IEnumerable<Guid> recordingIds, CancellationToken cancellationToken) => OpenPageAsync(KeyKind.Recording, recordingIds, cancellationToken);

    /// <summary>The same of a page of contacts.</summary>
    public Task OpenContactKeysAsync(IEnumerable<Guid> contactIds, CancellationToken cancellationToken) => OpenPageAsync(KeyKind.Contact, contactIds, cancellationToken);

    /// <summary>
    /// Makes the key of a new recording. The key object is in the bucket before the row is added to the context, so whatever is
    /// sealed under the key can be opened from the bucket alone; the caller commits the row.
    /// </summary>
    public Task<OwnerKey> NewRecordingKeyAsync(Guid recordingId, CancellationToken cancellationToken) => NewOwnerKeyAsync(KeyKind.Recording, recordingId, cancellationToken);

    /// <summary>Which wraps of a recording's key there are, and under which tenant key and root key.</summary>
    public async Task<IReadOnlyList<(Guid KeyId, Guid WrappingKeyId)>> RecordingWrapsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        [.. (await db.KeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Recording && wrap.OwnerId == recordingId).OrderBy(wrap => wrap.Id).Select(wrap => new { wrap.Id, wrap.WrappingKeyId }).ToListAsync(cancellationToken))
            .Select(wrap => (wrap.Id, wrap.WrappingKeyId))];

    public Guid RootKeyId => keyring.Root.Id;

    /// <summary>Tries to open a recording's key by the table, and looks for key objects in the store: what is gone is in neither.</summary>
    public async Task<bool> IsRecordingKeyGoneAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await RecordingKeyAsync(recordingId, cancellationToken);
            return false;
        }
        catch (KeyDestroyedException)
        {
            return !await store.HasRecordingKeysAsync(db.TenantId, recordingId, cancellationToken);
        }
    }

    /// <summary>Deletes every wrap of a recording's key in the running transaction, and the opened key of this node. Key objects follow after the commit.</summary>
    public Task ForgetRecordingKeyAsync(Guid recordingId, CancellationToken cancellationToken) => ForgetAsync(KeyKind.Recording, recordingId, cancellationToken);

    public Task DeleteRecordingKeyObjectsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        store.DeleteRecordingKeysAsync(db.TenantId, recordingId, cancellationToken);

    /// <summary>Wraps of these recordings' keys whose key objects are not in the store, though they should be.</summary>
    public async Task<IReadOnlyCollection<WrappedKey>> MissingRecordingKeyObjectsAsync(IReadOnlyCollection<Guid> recordingIds, CancellationToken cancellationToken)
    {
        var wraps = await db.KeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Recording && recordingIds.Contains(wrap.OwnerId)).Select(wrap => wrap.Wrap).ToListAsync(cancellationToken);
        var missing = new List<WrappedKey>();
        foreach (var wrap in wraps.Select(bytes => WrappedKey.Parse(bytes)))
        {
            if (!await store.HasKeyAsync(wrap, cancellationToken))
                missing.Add(wrap);
        }

        return missing;
    }

    /// <summary>Puts key objects anew. In a transaction behind the tenant's turn that has seen that nobody destroys what they open: else a key could come back.</summary>
    public async Task PutKeyObjectsAsync(IEnumerable<WrappedKey> wraps, CancellationToken cancellationToken)
    {
        foreach (var wrap in wraps)
            await store.PutKeyAsync(wrap, cancellationToken);
    }

    /// <summary>Makes the key of a new export; its key object is in the bucket first, as a recording's is. The caller commits the row.</summary>
    public Task<OwnerKey> NewExportKeyAsync(Guid exportId, CancellationToken cancellationToken) => NewOwnerKeyAsync(KeyKind.Export, exportId, cancellationToken);

    /// <exception cref="KeyDestroyedException">The export is over.</exception>
    public Task<OwnerKey> ExportKeyAsync(Guid exportId, CancellationToken cancellationToken) => OpenAsync(KeyKind.Export, exportId, KeyHierarchy.OpenOwnerKey, cancellationToken);

    /// <summary>Deletes every wrap of an export's key, and the opened key of this node. Key objects follow.</summary>
    public Task ForgetExportKeyAsync(Guid exportId, CancellationToken cancellationToken) => ForgetAsync(KeyKind.Export, exportId, cancellationToken);

    /// <summary>Makes the key of a new piece of evidence; its key object is in the bucket first, as a recording's is. The caller commits the row.</summary>
    public Task<OwnerKey> NewEvidenceKeyAsync(Guid evidenceId, CancellationToken cancellationToken) => NewOwnerKeyAsync(KeyKind.Evidence, evidenceId, cancellationToken);

    /// <exception cref="KeyDestroyedException">The evidence was destroyed.</exception>
    public Task<OwnerKey> EvidenceKeyAsync(Guid evidenceId, CancellationToken cancellationToken) => OpenAsync(KeyKind.Evidence, evidenceId, KeyHierarchy.OpenOwnerKey, cancellationToken);

    /// <summary>Deletes every wrap of an evidence's key, and the opened key of this node. Key objects follow.</summary>
    public Task ForgetEvidenceKeyAsync(Guid evidenceId, CancellationToken cancellationToken) => ForgetAsync(KeyKind.Evidence, evidenceId, cancellationToken);

    /// <summary>Makes the key of a new contact; its key object is in the bucket first, as a recording's is. The caller commits the row.</summary>
    public async Task<OwnerKey> NewContactKeyAsync(Guid contactId, CancellationToken cancellationToken)
    {
        using var tenantKey = await TenantKeyAsync(cancellationToken);
        var (key, wrap) = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Contact, contactId);
        await AddAsync(wrap, cancellationToken);
        return key;
    }

    /// <exception cref="KeyDestroyedException">The contact was deleted.</exception>
    public Task<OwnerKey> ContactKeyAsync(Guid contactId, CancellationToken cancellationToken) => OpenAsync(KeyKind.Contact, contactId, KeyHierarchy.OpenOwnerKey, cancellationToken);

    /// <summary>Deletes every wrap of a contact's key in the running transaction, and the opened key of this node. Key objects follow after the commit.</summary>
    public async Task ForgetContactKeyAsync(Guid contactId, CancellationToken cancellationToken)
    {
        await db.KeyWraps.Where(wrap => wrap.Kind == KeyKind.Contact && wrap.OwnerId == contactId).ExecuteDeleteAsync(cancellationToken);
        keyring.Drop(db.TenantId, KeyKind.Contact, contactId);
    }

    public Task DeleteContactKeyObjectsAsync(Guid contactId, CancellationToken cancellationToken) => store.DeleteContactKeysAsync(db.TenantId, contactId, cancellationToken);

    /// <summary>Makes tenant key and tenant data key of a new tenant. The caller commits the rows.</summary>
    public async Task<TenantDataKey> NewTenantAsync(CancellationToken cancellationToken)
    {
        var (tenantKey, tenantWrap) = KeyHierarchy.NewTenantKey(keyring.Root, db.TenantId);
        using (tenantKey)
        {
            var (dataKey, dataWrap) = KeyHierarchy.NewTenantDataKey(tenantKey);
            await AddAsync(tenantWrap, cancellationToken);
            await AddAsync(dataWrap, cancellationToken);
            return dataKey;
        }
    }

    private async Task<OwnerKey> NewOwnerKeyAsync(KeyKind kind, Guid ownerId, CancellationToken cancellationToken)
    {
        using var tenantKey = await TenantKeyAsync(cancellationToken);
        var (key, wrap) = KeyHierarchy.NewOwnerKey(tenantKey, kind, ownerId);
        await AddAsync(wrap, cancellationToken);
        return key;
    }

    private async Task ForgetAsync(KeyKind kind, Guid ownerId, CancellationToken cancellationToken)
    {
        var wraps = db.KeyWraps.Where(wrap => wrap.Kind == kind && wrap.OwnerId == ownerId);
        // Overwritten first: where a database leaves a deleted row's image in its file, it is not the wrap's. Both or neither: what a hold pins is refused here, and stays as it was.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        var nothing = new byte[1];
        await wraps.ExecuteUpdateAsync(set => set.SetProperty(wrap => wrap.Wrap, nothing), cancellationToken);
        await wraps.ExecuteDeleteAsync(cancellationToken);
        if (own is not null)
            await own.CommitAsync(cancellationToken);
        keyring.Drop(db.TenantId, kind, ownerId);
    }

    private async Task AddAsync(WrappedKey wrap, CancellationToken cancellationToken)
    {
        await store.PutKeyAsync(wrap, cancellationToken);
        db.KeyWraps.Add(KeyWrap.From(wrap, time.Now()));
    }

    private async Task OpenPageAsync(KeyKind kind, IEnumerable<Guid> ownerIds, CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId;
        var closed = ownerIds.Where(id => !keyring.Has(tenantId, kind, id)).Distinct().ToList();
        if (closed.Count == 0)
            return;
        using var tenantKey = await TenantKeyAsync(cancellationToken);
        var wrapping = tenantKey.Id;
        var wraps = await db.KeyWraps.AsNoTracking()
            .Where(wrap => wrap.Kind == kind && closed.Contains(wrap.OwnerId) && wrap.WrappingKeyId == wrapping)
            .Select(wrap => new { wrap.OwnerId, wrap.Wrap })
            .ToListAsync(cancellationToken);
        foreach (var wrap in wraps)
        {
            using var key = KeyHierarchy.OpenOwnerKey(tenantKey, WrappedKey.Parse(wrap.Wrap));
            keyring.Keep(tenantId, kind, wrap.OwnerId, key);
        }
    }

    private async Task<TenantKey> TenantKeyAsync(CancellationToken cancellationToken)
    {
        var tenantId = db.TenantId;
        if (keyring.Find<TenantKey>(tenantId, KeyKind.Tenant, Guid.Empty) is { } cached)
            return cached;
        var key = KeyHierarchy.OpenTenantKey(keyring.Root, await FindWrapAsync(KeyKind.Tenant, Guid.Empty, keyring.Root.Id, cancellationToken));
        Require(key.TenantId == tenantId, key);
        keyring.Keep(tenantId, KeyKind.Tenant, Guid.Empty, key);
        return key;
    }

    private async Task<TKey> OpenAsync<TKey>(KeyKind kind, Guid ownerId, Func<TenantKey, WrappedKey, TKey> open, CancellationToken cancellationToken)
        where TKey : SecretKey
    {
        var tenantId = db.TenantId;
        if (keyring.Find<TKey>(tenantId, kind, ownerId) is { } cached)
            return cached;
        using var tenantKey = await TenantKeyAsync(cancellationToken);
        var key = open(tenantKey, await FindWrapAsync(kind, ownerId, tenantKey.Id, cancellationToken));
        Require(key switch
        {
            TenantDataKey data => kind == KeyKind.TenantData && data.TenantId == tenantId,
            OwnerKey owner => owner.Kind == kind && owner.TenantId == tenantId && owner.OwnerId == ownerId,
            _ => false,
        }, key);
        keyring.Keep(tenantId, kind, ownerId, key);
        return key;
    }

    /// <summary>A wrap opens wherever its row says it belongs; whom it is for stands inside it, where nobody without the key can write.</summary>
    private static void Require(bool isAskedFor, SecretKey key)
    {
        if (isAskedFor)
            return;
        key.Dispose();
        throw new SealedFormatException(FormatFailure.WrongPlace, "The wrap holds the key of another tenant or owner than its row says.");
    }

    private async Task<WrappedKey> FindWrapAsync(KeyKind kind, Guid ownerId, Guid wrappingKeyId, CancellationToken cancellationToken)
    {
        // A row that was added in this scope and is not saved yet counts: a new recording's columns are sealed before it is committed.
        var row = db.KeyWraps.Local.FirstOrDefault(wrap => wrap.Kind == kind && wrap.OwnerId == ownerId && wrap.WrappingKeyId == wrappingKeyId)
            ?? await db.KeyWraps.AsNoTracking().FirstOrDefaultAsync(wrap => wrap.Kind == kind && wrap.OwnerId == ownerId && wrap.WrappingKeyId == wrappingKeyId, cancellationToken)
            ?? throw new KeyDestroyedException(kind, ownerId);
        return WrappedKey.Parse(row.Wrap);
    }
}

/// <summary>No wrap of a key is left. What it sealed can't be read by anybody.</summary>
internal sealed class KeyDestroyedException(KeyKind kind, Guid ownerId) : Exception($"No wrap of the {kind} key of {ownerId} is left.");
