using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>A member's tokens in all of his tenants.</summary>
internal sealed class AccountTokens(VaultDbContext db, MemberTenants tenants, TenantsTogether together)
{
    /// <summary>Ends them in the running transaction of a change to the account, each with its event.</summary>
    public async Task EndAsync(Guid memberId, Actor actor, CancellationToken cancellationToken) => await together.InEachAsync(
        db,
        await tenants.ListAsync(memberId, cancellationToken),
        services => services.GetRequiredService<TokenEnding>().EndOfAsync(memberId, actor, cancellationToken),
        cancellationToken);
}
