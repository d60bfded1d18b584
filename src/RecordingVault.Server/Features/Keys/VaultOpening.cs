using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Keys;

/// <summary>
/// Opens the vault at start, in two steps. What is there is compared with the root key first, before a migration or a probe touches anything; what a new
/// vault needs is made afterwards. A first start may be killed at any instant: the next one goes on with what it finds.
/// </summary>
internal sealed class VaultOpening(VaultDbContext db, VaultKeyring keyring, SealedStore store, IRootKeyProvider provider, IOptions<VaultOptions> options, TimeProvider time)
{
    private readonly VaultOptions vault = options.Value;
    private (RootKey Root, VaultKey Key, WrappedKey Wrap)? adopted;

    /// <summary>Whether this start made a new root key, which the caller asks the reader to back up.</summary>
    public bool MadeRootKey { get; private set; }

    private bool IsRootMissing => vault.Keys.Provider == RootKeyProvider.File && !File.Exists(vault.RootKeyPath);

    /// <summary>Reads only. Opens the vault that is there, or finds that there is none.</summary>
    /// <exception cref="VaultStartException">The root key is missing or is not the one that this vault was made with; the text names the cure.</exception>
    public async Task OpenExistingAsync(CancellationToken cancellationToken)
    {
        if (keyring.IsOpen)
            return;
        var wraps = await ReadWrapsAsync(cancellationToken);
        if (wraps.Count == 0)
        {
            await LookIntoStoreAsync(cancellationToken);
            return;
        }

        var root = LoadRoot();
        var wrap = wraps.Find(wrap => wrap.WrappingKeyId == root.Id)
            ?? throw new VaultStartException($"The root key ({provider.Name}) is not the one that this vault was made with. Put the right one in its place; nothing was changed.");
        keyring.Open(root, KeyHierarchy.OpenVaultKey(root, wrap));
    }

    /// <summary>Makes what a new vault needs, over a migrated database. Nothing where the vault is open.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (keyring.IsOpen)
            return;
        if (adopted is not var (root, key, wrap))
        {
            root = MakeRoot();
            (key, wrap) = KeyHierarchy.NewVaultKey(root);
            await store.PutKeyAsync(wrap, cancellationToken);
        }

        db.VaultKeyWraps.Add(new VaultKeyWrap { Id = wrap.KeyId, Kind = wrap.Kind, WrappingKeyId = wrap.WrappingKeyId, Wrap = wrap.Bytes.ToArray(), CreatedAt = time.Now() });
        await db.SaveChangesAsync(cancellationToken);
        keyring.Open(root, key);
    }

    /// <summary>Asks for the two columns that every version has: the database may be older than we are.</summary>
    private async Task<List<WrappedKey>> ReadWrapsAsync(CancellationToken cancellationToken)
    {
        // Opening a file that is not there would make it.
        if (vault.Database.Provider == DatabaseProvider.Sqlite && !vault.SqliteFileExists())
            return [];
        try
        {
            var found = await db.VaultKeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Vault).Select(wrap => wrap.Wrap).ToListAsync(cancellationToken);
            return found.ConvertAll(wrap => WrappedKey.Parse(wrap));
        }
        catch (DbException fault) when (fault.IsMissingTable())
        {
            return [];
        }
    }

    /// <summary>A store that holds a vault's keys, beside a database that knows of none, is another vault, or this one without its database, or a first start that was killed.</summary>
    private async Task LookIntoStoreAsync(CancellationToken cancellationToken)
    {
        var wraps = new List<WrappedKey>();
        await foreach (var wrap in store.ListKeysAsync("v/key/", cancellationToken))
            wraps.Add(wrap);
        var isUsed = await store.HoldsTenantsAsync(cancellationToken);
        if (wraps.Count == 0 && !isUsed)
            return;
        if (IsRootMissing)
            throw new VaultStartException($"The store already holds the keys of a vault, but the root key is missing: {vault.RootKeyPath}. Put your backup of it there, or name another store; nothing was changed.");
        var root = LoadRoot();
        if (isUsed || wraps.Find(wrap => wrap.WrappingKeyId == root.Id) is not { } own)
        {
            throw new VaultStartException(
                $"The store already holds the keys of a vault{(wraps is [var other, ..] ? $" (wrapped by root key {other.WrappingKeyId})" : "")}, but the database is empty. Restore the database from a backup, or name another store.");
        }

        adopted = (root, KeyHierarchy.OpenVaultKey(root, own), own);
    }

    private RootKey LoadRoot() => IsRootMissing
        ? throw new VaultStartException($"The root key is missing: {vault.RootKeyPath}. Put your backup of it there; without it nothing in this vault can be read.")
        : provider.Load();

    private RootKey MakeRoot()
    {
        if (IsRootMissing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(vault.RootKeyPath)!);
            FileRootKey.Create(vault.RootKeyPath);
            MadeRootKey = true;
        }

        return provider.Load();
    }
}
