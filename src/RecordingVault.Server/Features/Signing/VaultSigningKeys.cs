using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <summary>
/// The keys that the vault itself signs with, one for each use (security design 14). They are the vault's wraps and no tenant's, made when they are first needed; each signs for a year, then its
/// secret is destroyed, and its public part stays.
/// </summary>
internal sealed class VaultSigningKeys(VaultDbContext db, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>Opens the key of a use, or makes it. Call it inside a transaction.</summary>
    /// <param name="certify">The certificate of a new key, DER; null where its format wants none.</param>
    public async Task<HeldSigningKey> OpenAsync(SigningUse use, Func<SigningKey, DateTimeOffset, ReadOnlyMemory<byte>?> certify, CancellationToken cancellationToken)
    {
        var now = time.Now();
        // One at a time, whichever tenant asks: the vault key's row stands for the vault.
        await db.VaultKeyWraps.Where(wrap => wrap.Kind == KeyKind.Vault).ExecuteUpdateAsync(set => set.SetProperty(wrap => wrap.CreatedAt, wrap => wrap.CreatedAt), cancellationToken);
        return await FindAsync(use, now, cancellationToken) ?? await MakeAsync(use, certify, now, cancellationToken);
    }

    private async Task<HeldSigningKey?> FindAsync(SigningUse use, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await Of(use).AsNoTracking().OrderByDescending(wrap => wrap.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        if (row is null || row.CreatedAt + SigningKeys.Lifetime <= now)
            return null;
        var published = await db.PublishedKeys.AsNoTracking().SingleAsync(key => key.Id == row.Id, cancellationToken);
        var opened = SigningKey.Open(keyring.Vault, WrappedKey.Parse(row.Wrap), use.Kind());
        if (opened.Id == row.Id && opened.Verifying().Bytes.Span.SequenceEqual(published.PublicKey))
            return new HeldSigningKey(opened, published.Certificate is { } certificate ? certificate : null);
        opened.Dispose();
        throw new InvalidOperationException($"The vault's key {row.Id} is not the one that was published under this id.");
    }

    private async Task<HeldSigningKey> MakeAsync(SigningUse use, Func<SigningKey, DateTimeOffset, ReadOnlyMemory<byte>?> certify, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Of(use).ExecuteDeleteAsync(cancellationToken);
        await db.PublishedKeys.Where(key => key.Use == use && key.Until > now).ExecuteUpdateAsync(set => set.SetProperty(key => key.Until, now), cancellationToken);
        var (key, wrap) = SigningKey.New(keyring.Vault, use.Kind());
        var certificate = certify(key, now);
        db.VaultKeyWraps.Add(new VaultKeyWrap { Id = wrap.KeyId, Kind = wrap.Kind, WrappingKeyId = wrap.WrappingKeyId, Wrap = wrap.Bytes.ToArray(), CreatedAt = now });
        db.PublishedKeys.Add(new PublishedKey
        {
            Id = key.Id,
            Use = use,
            Algorithm = use.Kind(),
            PublicKey = key.Verifying().Bytes.ToArray(),
            Certificate = certificate?.ToArray(),
            Since = now,
            Until = now + SigningKeys.Lifetime,
        });
        return new HeldSigningKey(key, certificate);
    }

    private IQueryable<VaultKeyWrap> Of(SigningUse use) => db.VaultKeyWraps.Where(wrap => wrap.Kind == KeyKind.Signing && db.PublishedKeys.Any(key => key.Id == wrap.Id && key.Use == use));
}
