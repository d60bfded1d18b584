using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <summary>
/// The vault's own authority: its key signs the certificates of organisations' C2PA keys and nothing else. It is the vault's wrap and no tenant's, made when the first certificate is
/// needed, and like every signing key it signs for a year; then its secret is destroyed, and its certificate stays.
/// </summary>
internal sealed class VaultAuthority(VaultDbContext db, VaultKeyring keyring, TimeProvider time)
{
    /// <summary>How long a leaf's certificate is good: a file is to be checked long after its key is gone.</summary>
    public const int LeafYears = 10;

    // No leaf outlasts the authority that signed it in its last hour.
    private const int AuthorityYears = LeafYears + 1;

    /// <summary>Whoever checks may have a clock that is behind ours.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromDays(1);

    /// <summary>Signs a certificate for a key. Call it inside a transaction.</summary>
    /// <returns>The certificate, and the authority's id.</returns>
    public async Task<(ReadOnlyMemory<byte>? Certificate, Guid? Authority)> CertifyAsync(SigningKey leaf, CancellationToken cancellationToken)
    {
        var now = time.Now();
        // One at a time, whichever tenant asks: the vault key's row stands for the vault.
        await db.VaultKeyWraps.Where(wrap => wrap.Kind == KeyKind.Vault).ExecuteUpdateAsync(set => set.SetProperty(wrap => wrap.CreatedAt, wrap => wrap.CreatedAt), cancellationToken);
        using var authority = await FindAsync(now, cancellationToken) ?? await MakeAsync(now, cancellationToken);
        return (AuthorityCertificate.OfLeaf(authority.Key, authority.Certificate!.Value, leaf, now - s_slack, now.AddYears(LeafYears)), authority.Key.Id);
    }

    private async Task<HeldSigningKey?> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.VaultKeyWraps.AsNoTracking().Where(wrap => wrap.Kind == KeyKind.Signing).OrderByDescending(wrap => wrap.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        if (row is null || row.CreatedAt + SigningKeys.Lifetime <= now
            || await db.PublishedKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == row.Id && key.Use == SigningUse.Authority, cancellationToken) is not { Certificate: { } certificate } published)
            return null;
        var opened = SigningKey.Open(keyring.Vault, WrappedKey.Parse(row.Wrap), SigningUse.Authority.Kind());
        if (opened.Id == row.Id && opened.Verifying().Bytes.Span.SequenceEqual(published.PublicKey))
            return new HeldSigningKey(opened, certificate);
        opened.Dispose();
        throw new InvalidOperationException($"The authority's key {row.Id} is not the one that was published under this id.");
    }

    private async Task<HeldSigningKey> MakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.VaultKeyWraps.Where(wrap => wrap.Kind == KeyKind.Signing).ExecuteDeleteAsync(cancellationToken);
        await db.PublishedKeys.Where(key => key.Use == SigningUse.Authority && key.Until > now).ExecuteUpdateAsync(set => set.SetProperty(key => key.Until, now), cancellationToken);
        var (key, wrap) = SigningKey.New(keyring.Vault, SigningUse.Authority.Kind());
        var certificate = AuthorityCertificate.Of(key, now - s_slack, now.AddYears(AuthorityYears));
        db.VaultKeyWraps.Add(new VaultKeyWrap { Id = wrap.KeyId, Kind = wrap.Kind, WrappingKeyId = wrap.WrappingKeyId, Wrap = wrap.Bytes.ToArray(), CreatedAt = now });
        db.PublishedKeys.Add(new PublishedKey
        {
            Id = key.Id,
            Use = SigningUse.Authority,
            Algorithm = SigningUse.Authority.Kind(),
            PublicKey = key.Verifying().Bytes.ToArray(),
            Certificate = certificate.ToArray(),
            Since = now,
            Until = now + SigningKeys.Lifetime,
        });
        return new HeldSigningKey(key, certificate);
    }
}
