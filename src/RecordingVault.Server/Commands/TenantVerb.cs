using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
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
        var named = await new TenantByName(system).ListAsync(tenant, cancellationToken);
        if (named is not [var tenantId])
        {
            await TellAllAsync(system, named, verb, cancellationToken);
            throw TenantByName.NotOne(tenant, named);
        }

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

    /// <summary>The event of a verb that was refused because these have the name: it told that they are there.</summary>
    public static async Task TellAllAsync(SystemScope system, IReadOnlyList<Guid> tenantIds, string verb, CancellationToken cancellationToken)
    {
        foreach (var tenantId in tenantIds)
            await TellAsync(system, tenantId, verb, AuditOutcome.Refused, cancellationToken);
    }

    /// <summary>Where a verb on a member tells something of him and changes nothing: an event in the log of each of his tenants.</summary>
    public static async Task TellEachAsync(IServiceProvider services, Guid memberId, string verb, AuditOutcome outcome, CancellationToken cancellationToken)
    {
        foreach (var tenantId in await services.GetRequiredService<MemberTenants>().ListAsync(memberId, cancellationToken))
            await TellAsync(services.GetRequiredService<SystemScope>(), tenantId, verb, outcome, cancellationToken);
    }

    /// <summary>The event of a verb that reaches a tenant and writes no other one.</summary>
    public static async Task TellAsync(SystemScope system, Guid tenantId, string verb, AuditOutcome outcome, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().WriteAsync(
            new AuditEntry(TenantLooks.Ran, TenantVerbs.Operator, AuditTargetKind.Tenant, tenantId) { Outcome = outcome, Fields = [("verb", verb)] }, cancellationToken);
    }
}
