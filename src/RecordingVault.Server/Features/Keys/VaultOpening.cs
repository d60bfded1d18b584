using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Keys;

/// <summary>Opens the vault at start: finds or makes root key and vault key, and refuses a wrong root before it touches anything.</summary>
internal sealed class VaultOpening(VaultDbContext db, VaultKeyring keyring, SealedStore store, IRootKeyProvider provider, IOptions<VaultOptions> options, TimeProvider time)
{
    /// <summary>Whether this start made a new root key, which the caller asks the reader to back up.</summary>
    public bool MadeRootKey { get; private set; }

    /// <exception cref="VaultStartException">The root key is missing or is not the one that this vault was made with; the text names the cure.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (keyring.IsOpen)
            return;
        var wraps = await db.VaultKeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Vault).ToListAsync(cancellationToken);
        var root = LoadRoot(isNewVault: wraps.Count == 0);
        if (wraps.Count == 0)
        {
            keyring.Open(root, await NewVaultKeyAsync(root, cancellationToken));
            return;
        }

        var wrap = wraps.Find(wrap => wrap.WrappingKeyId == root.Id)
            ?? throw new VaultStartException($"The root key ({provider.Name}) is not the one that this vault was made with. Put the right one in its place; nothing was changed.");
        keyring.Open(root, KeyHierarchy.OpenVaultKey(root, WrappedKey.Parse(wrap.Wrap)));
    }

    private RootKey LoadRoot(bool isNewVault)
    {
        var vault = options.Value;
        if (vault.Keys.Provider == RootKeyProvider.File && !File.Exists(vault.RootKeyPath))
        {
            if (!isNewVault)
                throw new VaultStartException($"The root key is missing: {vault.RootKeyPath}. Put your backup of it there; without it nothing in this vault can be read.");
            Directory.CreateDirectory(Path.GetDirectoryName(vault.RootKeyPath)!);
            FileRootKey.Create(vault.RootKeyPath);
            MadeRootKey = true;
        }

        return provider.Load();
    }

    private async Task<VaultKey> NewVaultKeyAsync(RootKey root, CancellationToken cancellationToken)
    {
        // A bucket that already holds a vault's keys is another vault, or this one without its database: a new vault key beside them would hide that.
        await foreach (var found in store.ListKeysAsync("v/key/", cancellationToken))
        {
            throw new VaultStartException(
                $"The store already holds the keys of a vault (wrapped by root key {found.WrappingKeyId}), but the database is empty. Restore the database from a backup, or name another store.");
        }

        var (key, wrap) = KeyHierarchy.NewVaultKey(root);
        await store.PutKeyAsync(wrap, cancellationToken);
        db.VaultKeyWraps.Add(new VaultKeyWrap { Id = wrap.KeyId, Kind = wrap.Kind, WrappingKeyId = wrap.WrappingKeyId, Wrap = wrap.Bytes.ToArray(), CreatedAt = time.Now() });
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }
}
