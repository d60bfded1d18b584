using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>A link to somebody's recordings, as a row: it is there to be found.</summary>
internal static class PlantedOwnLink
{
    public static async Task<Guid> AddAsync(TestTenant tenant, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (id, now) = (new Guid(RandomNumberGenerator.GetBytes(16)), TimeProvider.System.Now());
        db.OwnRecordingsLinks.Add(new OwnRecordingsLink { TenantId = tenant.Id, Id = id, SecretHash = OwnRecordingsLink.HashSecret(id, SecretToken.New()), EmailDigest = new byte[16], CreatedAt = now, ExpiresAt = now.AddDays(1) });
        db.Locators.Add(new Locator { Id = id, Kind = LocatorKind.OwnRecordings, TenantId = tenant.Id });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
