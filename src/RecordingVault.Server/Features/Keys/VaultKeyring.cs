using System.Collections.Concurrent;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Keys;

/// <summary>
/// The node's opened keys: the root and vault key for the life of the process, tenant and recording keys for at most ten idle minutes.
/// It hands out copies, so that evicting a key never pulls it from under a reader; the asker disposes his copy.
/// </summary>
internal sealed class VaultKeyring(TimeProvider time) : IDisposable
{
    private const int Capacity = 4_096;
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<(Guid TenantId, KeyKind Kind, Guid OwnerId), Entry> entries = new();
    private RootKey? root;
    private VaultKey? vault;
    private Action<Guid, KeyKind, Guid>? dropped;

    /// <summary>Has somebody told when a key is wiped here, of which tenant, kind and owner: what was opened with it is to be forgotten too. He is called on whatever thread wiped it.</summary>
    public void TellDropped(Action<Guid, KeyKind, Guid> told) => dropped += told;

    public RootKey Root => root ?? throw new InvalidOperationException("The root key is not loaded yet: the vault has not started.");

    public VaultKey Vault => vault ?? throw new InvalidOperationException("The vault key is not open yet: the vault has not started.");

    public bool IsOpen => vault is not null;

    public void Open(RootKey rootKey, VaultKey vaultKey)
    {
        (root, vault) = (rootKey, vaultKey);
    }

    /// <summary>A copy of the cached key, or null.</summary>
    public TKey? Find<TKey>(Guid tenantId, KeyKind kind, Guid ownerId)
        where TKey : SecretKey
    {
        if (!entries.TryGetValue((tenantId, kind, ownerId), out var entry))
            return null;
        lock (entry)
        {
            if (entry.IsDropped)
                return null;
            if (IsIdle(entry))
            {
                Drop(tenantId, kind, ownerId);
                return null;
            }

            entry.UsedAt = time.GetTimestamp();
            return (TKey)Copy(entry.Key);
        }
    }

    public bool Has(Guid tenantId, KeyKind kind, Guid ownerId) => entries.ContainsKey((tenantId, kind, ownerId));

    /// <summary>Keeps a copy of the key.</summary>
    public void Keep(Guid tenantId, KeyKind kind, Guid ownerId, SecretKey key)
    {
        if (entries.Count >= Capacity)
            DropIdle(Capacity / 2);
        var entry = new Entry(Copy(key)) { UsedAt = time.GetTimestamp() };
        if (!entries.TryAdd((tenantId, kind, ownerId), entry))
            entry.Drop();
    }

    /// <summary>Wipes one key at once: its owner is disposed of or locked.</summary>
    public void Drop(Guid tenantId, KeyKind kind, Guid ownerId)
    {
        if (!entries.TryRemove((tenantId, kind, ownerId), out var entry))
            return;
        entry.Drop();
        dropped?.Invoke(tenantId, kind, ownerId);
    }

    /// <summary>Wipes what was not used for ten minutes, and more, longest unused first, until at most <paramref name="keep"/> are left.</summary>
    public void DropIdle(int keep = Capacity)
    {
        var surplus = entries.Count - keep;
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.UsedAt).ToList())
        {
            if (surplus-- > 0 || IsIdle(entry))
                Drop(name.TenantId, name.Kind, name.OwnerId);
        }
    }

    /// <summary>Opened keys that are held now.</summary>
    public int Count => entries.Count;

    public void Dispose()
    {
        DropIdle(0);
        vault?.Dispose();
        root?.Dispose();
    }

    private bool IsIdle(Entry entry) => time.GetElapsedTime(entry.UsedAt) >= IdleLimit;

    private static SecretKey Copy(SecretKey key) => key switch
    {
        TenantKey tenant => tenant.Copy(),
        TenantDataKey data => data.Copy(),
        OwnerKey owner => owner.Copy(),
        _ => throw new ArgumentException("This kind of key is not cached.", nameof(key)),
    };

    private sealed class Entry(SecretKey key)
    {
        public SecretKey Key { get; } = key;
        public long UsedAt { get; set; }
        public bool IsDropped { get; private set; }

        public void Drop()
        {
            lock (this)
            {
                IsDropped = true;
                Key.Dispose();
            }
        }
    }
}
