using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Commands;

/// <summary>Finds a tenant by its name, which only its own key opens: each tenant is entered and asked, one after another.</summary>
internal sealed class TenantByName(SystemScope system)
{
    /// <summary>What to say where not just one has the name.</summary>
    public static VerbRefusedException NotOne(string name, IReadOnlyList<Guid> found) => found.Count == 0
        ? new VerbRefusedException($"There is no tenant \"{name}\". Make it with: tenant create \"{name}\"")
        : new VerbRefusedException($"{found.Count} tenants are called \"{name}\". Name one by its id: {string.Join(", ", found)}");

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
