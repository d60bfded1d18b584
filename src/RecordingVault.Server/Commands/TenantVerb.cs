using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Commands;

/// <summary>
/// A verb on one tenant. What it does writes its own event; where it is refused, whoever asked has learnt something of the tenant all the same (who belongs
/// to it, in which role), and that stands in its log.
/// </summary>
internal static class TenantVerb
{
    public static async Task RunAsync(OpenedVault vault, string tenant, string verb, Func<IServiceProvider, Task> act, CancellationToken cancellationToken)
    {
        var system = vault.Services.GetRequiredService<SystemScope>();
        var tenantId = await new TenantByName(system).FindAsync(tenant, cancellationToken);
        await using var scope = system.Enter(tenantId);
        try
        {
            await act(scope.ServiceProvider);
        }
        catch (VerbRefusedException)
        {
            await TellAsync(system, tenantId, verb, AuditOutcome.Refused, cancellationToken);
            throw;
        }
    }

    /// <summary>The event of a verb that reaches a tenant and writes no other one.</summary>
    public static async Task TellAsync(SystemScope system, Guid tenantId, string verb, AuditOutcome outcome, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().WriteAsync(
            new AuditEntry(TenantLooks.Ran, TenantVerbs.Operator, AuditTargetKind.Tenant, tenantId) { Outcome = outcome, Fields = [("verb", verb)] }, cancellationToken);
    }
}
