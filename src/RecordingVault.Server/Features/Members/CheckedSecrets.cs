using System.Security.Claims;
using Microsoft.Extensions.Caching.Memory;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Members;

/// <param name="Revocations">The tenant's revocation counter, from the same statement as the rows or from before it.</param>
/// <param name="Until">When it ends by itself.</param>
internal sealed record CheckedSecret(ClaimsPrincipal User, Guid TenantId, long Revocations, DateTimeOffset Until);

/// <summary>
/// Sessions and tokens that were read from their rows within the last minute. One stands for its rows only while its tenant's revocation counter is
/// known and stands still; whatever ends or changes a session, a token, a membership or a role raises it. 16,384 a node at most.
/// </summary>
internal sealed class CheckedSecrets(RevocationCounters counters, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = 16_384 });

    /// <summary>Brings a request whose secret is known and good into its tenant; null when the rows must be read.</summary>
    /// <param name="tokenId">The token that the secret was sent for; null for a session.</param>
    public ClaimsPrincipal? Enter(ReadOnlySpan<byte> secretHash, Guid? tokenId, IServiceProvider request)
    {
        if (!kept.TryGetValue(new Digest(secretHash), out CheckedSecret? known) || known is null || known.User.TokenId() != tokenId)
            return null;
        if (time.Now() >= known.Until || !counters.TryGet(known.TenantId, out var counter) || counter != known.Revocations)
            return null;
        request.GetRequiredService<TenantContext>().Enter(known.TenantId);
        return known.User;
    }

    public void Keep(ReadOnlySpan<byte> secretHash, CheckedSecret secret)
    {
        var limit = time.Now() + KeptFor;
        var until = secret.Until < limit ? secret.Until : limit;
        kept.Set(new Digest(secretHash), secret with { Until = until }, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
    }

    public void Dispose() => kept.Dispose();

    /// <summary>The 32 bytes of a SHA-256, comparable.</summary>
    private sealed record Digest(Guid First, Guid Second)
    {
        public Digest(ReadOnlySpan<byte> sha256)
            : this(new Guid(sha256[..16]), new Guid(sha256[16..]))
        {
        }
    }
}
