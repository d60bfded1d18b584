using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Members;

/// <summary>Changes a membership below the surface: pages for members come later, their effects are tested now.</summary>
internal static class MembershipsOf
{
    public static Task EndAsync(TestTenant tenant, TestMember member, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, member, row => row.EndedAt = DateTimeOffset.UnixEpoch, cancellationToken);

    public static Task ChangeRoleAsync(TestTenant tenant, TestMember member, Role role, CancellationToken cancellationToken) =>
        ChangeAsync(tenant, member, row => row.Role = role, cancellationToken);

    /// <summary>Makes a member of another tenant one of this tenant too.</summary>
    public static async Task JoinAsync(TestTenant tenant, TestMember member, Role role, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<MemberCreation>().JoinAsync(member.Id, role, Actor.System, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ChangeAsync(TestTenant tenant, TestMember member, Action<Membership> change, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("member.changed", Actor.System, AuditTargetKind.Member, member.Id) { ChangesPermission = true }, cancellationToken);
        change(await db.Memberships.SingleAsync(row => row.MemberId == member.Id, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
