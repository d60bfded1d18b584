using System.Security.Claims;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Who asks, put together from rows for one request.</summary>
internal sealed record MemberIdentity(Guid MemberId, string Name, Guid TenantId, Role Role)
{
    public ClaimsPrincipal ToPrincipal(string scheme, params IEnumerable<Claim> others) => new(new ClaimsIdentity(
        [
            new Claim(VaultClaims.Member, MemberId.ToString()),
            new Claim(VaultClaims.Name, Name),
            new Claim(VaultClaims.Tenant, TenantId.ToString()),
            new Claim(VaultClaims.Role, Role.ToString()),
            .. others,
        ],
        scheme,
        VaultClaims.Name,
        VaultClaims.Role));
}
