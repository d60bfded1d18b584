using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Makes what a new vault needs, in one transaction: the first tenant with its keys and log, the first member, and his membership as Owner.</summary>
internal sealed class VaultCreation(IServiceScopeFactory scopes)
{
    /// <summary>Null means done; else the field that is wrong, and nothing was made.</summary>
    public async Task<FieldError?> CreateAsync(string tenantName, NewMember owner, Actor actor, CancellationToken cancellationToken)
    {
        if ((owner.Check(tenantName) ?? CheckTenant(tenantName)) is { } wrong)
            return wrong;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var members = scope.ServiceProvider.GetRequiredService<MemberCreation>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<TenantCreation>().AddAsync(tenantName, actor, cancellationToken);
        if (await members.AddAccountAsync(owner) is { } taken)
            return taken;
        await members.JoinAsync(owner.Id, Role.Owner, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static FieldError? CheckTenant(string name) => TenantCreation.Check(name) is { } wrong ? new FieldError("tenant", wrong.Title) : null;
}
