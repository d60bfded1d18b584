using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <summary>A key that signs now; disposing it wipes the secret.</summary>
/// <param name="Certificate">DER; null where the key has none.</param>
internal sealed record HeldSigningKey(SigningKey Key, ReadOnlyMemory<byte>? Certificate) : IDisposable
{
    public void Dispose() => Key.Dispose();
}

/// <summary>
/// The signing keys of the scope's tenant (security design 14). One is made when it is first needed and signs for a year; then its secret is destroyed and the
/// next one is made. What it signed stays good: its public part is kept.
/// </summary>
internal sealed class SigningKeys(VaultDbContext db, TenantKeys keys, VaultAuthority authority, AuditLog audit, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Opens the key of a use, or makes it. Call it outside of a transaction.</summary>
    public async Task<HeldSigningKey> OpenAsync(SigningUse use, CancellationToken cancellationToken)
    {
        if (await FindAsync(use, cancellationToken) is { } found)
            return found;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        // Another node may have made it while we waited for the turn.
        if (await FindAsync(use, cancellationToken) is { } made)
            return made;
        await EndAsync(use, cancellationToken);
        var key = await MakeAsync(use, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    }

    private async Task<HeldSigningKey?> FindAsync(SigningUse use, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var row = await db.TenantSigningKeys.AsNoTracking().Where(key => key.Use == use && key.EndedAt == null).OrderByDescending(key => key.Since).FirstOrDefaultAsync(cancellationToken);
        if (row is null || row.Since + Lifetime <= now)
            return null;
        var wrap = await db.KeyWraps.AsNoTracking().SingleOrDefaultAsync(wrap => wrap.Kind == KeyKind.Signing && wrap.Id == row.Id, cancellationToken);
        var published = await db.PublishedKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == row.Id, cancellationToken);
        if (wrap is null || published is null)
            return null;
        using var data = await keys.DataKeyAsync(cancellationToken);
        var opened = SigningKey.Open(data, WrappedKey.Parse(wrap.Wrap), use.Kind());
        // A row that names another key's wrap would sign with what nobody can look up.
        if (opened.Id == row.Id && opened.Verifying().Bytes.Span.SequenceEqual(published.PublicKey))
            return new HeldSigningKey(opened, published.Certificate is { } certificate ? certificate : null);
        opened.Dispose();
        throw new InvalidOperationException($"The signing key {row.Id} is not the one that was published under this id.");
    }

    /// <summary>Destroys the secrets of what signed until now; the public parts stay.</summary>
    private async Task EndAsync(SigningUse use, CancellationToken cancellationToken)
    {
        foreach (var row in await db.TenantSigningKeys.Where(key => key.Use == use && key.EndedAt == null).ToListAsync(cancellationToken))
        {
            row.EndedAt = time.Now();
            await db.KeyWraps.Where(wrap => wrap.Kind == KeyKind.Signing && wrap.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
            if (await db.PublishedKeys.SingleOrDefaultAsync(key => key.Id == row.Id, cancellationToken) is { } published && published.Until > row.EndedAt)
                published.Until = row.EndedAt.Value;
            await audit.AppendAsync(new AuditEntry("signing-key.ended", Actor.System, AuditTargetKind.Tenant, db.TenantId) { Fields = Told(row.Id, use) }, cancellationToken);
        }
    }

    private async Task<HeldSigningKey> MakeAsync(SigningUse use, CancellationToken cancellationToken)
    {
        var now = time.Now();
        using var data = await keys.DataKeyAsync(cancellationToken);
        var (key, wrap) = SigningKey.New(data, use.Kind());
        var (certificate, issuer) = use switch
        {
            SigningUse.Vcon => (SelfCertificate.Of(key, now, now + Lifetime), null),
            SigningUse.C2pa => await authority.CertifyAsync(key, cancellationToken),
            _ => ((ReadOnlyMemory<byte>?)null, (Guid?)null),
        };
        db.KeyWraps.Add(KeyWrap.From(wrap, now));
        db.TenantSigningKeys.Add(new TenantSigningKey { TenantId = db.TenantId, Id = key.Id, Use = use, Since = now });
        db.PublishedKeys.Add(new PublishedKey { Id = key.Id, Use = use, Algorithm = use.Kind(), PublicKey = key.Verifying().Bytes.ToArray(), Certificate = certificate?.ToArray(), Since = now, Until = now + Lifetime });
        await audit.AppendAsync(new AuditEntry("signing-key.made", Actor.System, AuditTargetKind.Tenant, db.TenantId) { Fields = [.. Told(key.Id, use), ("authority", issuer?.ToString())] }, cancellationToken);
        return new HeldSigningKey(key, certificate);
    }

    private static IReadOnlyList<(string Name, string? Value)> Told(Guid id, SigningUse use) => [("key", id.ToString()), ("use", use.Name())];
}
