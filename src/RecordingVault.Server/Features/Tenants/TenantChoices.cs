using System.Security.Claims;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>Knows to which other tenants somebody's session can change.</summary>
internal interface ITenantChoices
{
    /// <summary>By name; empty for who belongs to one tenant only, and for tokens.</summary>
    Task<IReadOnlyList<TenantChoice>> OthersAsync(ClaimsPrincipal user, CancellationToken cancellationToken);
}
