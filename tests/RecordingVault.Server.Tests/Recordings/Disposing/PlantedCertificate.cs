using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings.Disposing;

/// <summary>A recording destroyed at once, past its page, for tests that need nothing but its certificate.</summary>
internal static class PlantedCertificate
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid recordingId, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (destruction, now) = (scope.ServiceProvider.GetRequiredService<RecordingDestruction>(), scope.ServiceProvider.GetRequiredService<TimeProvider>().Now());
        await db.Recordings.Where(row => row.Id == recordingId).ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, now), cancellationToken);
        Assert.True(await destruction.MarkAsync(recordingId, isByHand: true, Actor.System, cancellationToken));
        await destruction.DestroyAsync(recordingId, cancellationToken);
        return await db.Dispositions.Where(row => row.RecordingId == recordingId).Select(row => row.Id).SingleAsync(cancellationToken);
    }
}
