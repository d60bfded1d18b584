using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

/// <summary>Changes a membership below the surface: pages for members come later, their effects are tested now.</summary>
internal static class MembershipsOf
{
    public static async Task EndAsync(TestTenant tenant, TestMember member, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        (await db.Memberships.SingleAsync(row => row.MemberId == member.Id, cancellationToken)).EndedAt = DateTimeOffset.UnixEpoch;
        await db.SaveChangesAsync(cancellationToken);
    }

    public static async Task ChangeRoleAsync(TestTenant tenant, TestMember member, Role role, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        (await db.Memberships.SingleAsync(row => row.MemberId == member.Id, cancellationToken)).Role = role;
        await db.SaveChangesAsync(cancellationToken);
    }
}
