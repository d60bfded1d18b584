using RecordingVault.Server.Platform;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <summary>The vault's own authority: its key signs the certificates of organisations' C2PA keys and nothing else.</summary>
internal sealed class VaultAuthority(VaultSigningKeys keys, TimeProvider time)
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
        using var authority = await keys.OpenAsync(SigningUse.Authority, (key, at) => AuthorityCertificate.Of(key, at - s_slack, at.AddYears(AuthorityYears)), cancellationToken);
        var now = time.Now();
        return (AuthorityCertificate.OfLeaf(authority.Key, authority.Certificate!.Value, leaf, now - s_slack, now.AddYears(LeafYears)), authority.Key.Id);
    }
}
