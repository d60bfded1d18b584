using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>A calendar password as a row: nobody knows its secret.</summary>
internal static class PlantedFeed
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid id, Guid memberId, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        db.DueFeeds.Add(new DueFeed { TenantId = tenant.Id, Id = id, MemberId = memberId, SecretHash = new byte[32], CreatedAt = TimeProvider.System.Now() });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
