using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Commands;

/// <summary>Finds a tenant by its name, which only its own key opens: each tenant is entered and asked, one after another.</summary>
internal sealed class TenantByName(SystemScope system)
{
    /// <exception cref="VerbRefusedException">No tenant, or more than one, has the name.</exception>
    public async Task<Guid> FindAsync(string name, CancellationToken cancellationToken) => await ListAsync(name, cancellationToken) switch
    {
        [var only] => only,
        [] => throw new VerbRefusedException($"There is no tenant \"{name}\". Make it with: tenant create \"{name}\""),
        var several => throw new VerbRefusedException($"{several.Count} tenants are called \"{name}\". Name one by its id: {string.Join(", ", several)}"),
    };

    public async Task<IReadOnlyList<Guid>> ListAsync(string name, CancellationToken cancellationToken)
    {
        var wanted = Fold(name);
        var found = new List<Guid>();
        foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Provision, cancellationToken))
        {
            await using var scope = system.Enter(tenantId);
            if (tenantId.ToString() == wanted || Fold(await scope.ServiceProvider.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken)) == wanted)
                found.Add(tenantId);
        }

        return found;
    }

    private static string Fold(string name) => name.Normalize(System.Text.NormalizationForm.FormKC).Trim().ToUpperInvariant().ToLowerInvariant();
}
