using System.Security.Claims;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>The other tenants of a member by name, each name opened in a scope of its tenant.</summary>
internal sealed class MemberTenantChoices(MemberTenants tenants) : ITenantChoices
{
    public async Task<IReadOnlyList<TenantChoice>> OthersAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.SessionId() is null)
            return [];
        var current = user.TenantId();
        var others = (await tenants.ListAsync(user.MemberId(), cancellationToken)).Where(tenantId => tenantId != current).ToList();
        var choices = new List<TenantChoice>(others.Count);
        await tenants.InEachAsync(others, async services =>
        {
            var tenantId = services.GetRequiredService<Platform.Tenancy.TenantContext>().TenantId;
            choices.Add(new TenantChoice(tenantId, await services.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken)));
        });
        return [.. choices.OrderBy(choice => choice.Name, StringComparer.CurrentCultureIgnoreCase)];
    }
}
