using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.UsageTags.Processors;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A service that may be given recordings, as a row: naming one asks for a person and a fresh sign-in.</summary>
internal static class PlantedProcessor
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(cancellationToken);
        db.Processors.Add(new Processor { TenantId = tenant.Id, Id = id, Name = SealedText.Seal(key, tenant.Id, id, Processor.NameColumn, $"{id:N}"), Since = TimeProvider.System.Now() });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
