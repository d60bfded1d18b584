using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Commands;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Benchmarks.Hosting;

/// <summary>Lets everybody in a vault's recordings be asked for every purpose, agree to the first two and take one back: ten records a person, by the ledger itself but without its log, which would take hours.</summary>
internal static class ConsentSeed
{
    private const int BatchLength = 25;

    public static async Task<int> RunAsync()
    {
        await using var vault = await OpenedVault.OpenAsync(CancellationToken.None);
        var tenants = vault.Services.GetRequiredService<SystemScope>();
        var tenant = (await tenants.ListTenantsAsync(SystemReason.Provision, CancellationToken.None)).Single();
        List<Guid> left;
        await using (var scope = tenants.Enter(tenant))
            left = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Select(recording => recording.Id).ToListAsync();
        foreach (var batch in left.Chunk(BatchLength))
        {
            await using var scope = tenants.Enter(tenant);
            await AddAsync(scope.ServiceProvider, batch);
        }

        return 0;
    }

    private static async Task AddAsync(IServiceProvider services, Guid[] recordings)
    {
        var (db, ledger, keys) = (services.GetRequiredService<VaultDbContext>(), services.GetRequiredService<ConsentLedger>(), services.GetRequiredService<TenantKeys>());
        await using var transaction = await db.Database.BeginTransactionAsync();
        foreach (var recording in recordings)
        {
            var people = await db.Participants.Where(person => person.RecordingId == recording).Select(person => person.Id).ToListAsync();
            using var key = await keys.RecordingKeyAsync(recording, CancellationToken.None);
            await SayAsync(recording, key, ConsentWords.Recorded, ConsentStatus.Requested);
            await SayAsync(recording, key, ConsentWords.Recorded.Take(2), ConsentStatus.Given);
            await SayAsync(recording, key, ConsentWords.Recorded.Take(1), ConsentStatus.Withdrawn);

            async Task SayAsync(Guid id, Vault.Keys.OwnerKey owner, IEnumerable<Server.Features.UsageTags.Purpose> purposes, ConsentStatus status)
            {
                await ledger.AddAsync(id, owner, [.. people.SelectMany(person => purposes.Select(purpose => new NewConsent(person, purpose, status, ConsentMethod.Page)))], Actor.System, CancellationToken.None);
                await db.SaveChangesAsync();
            }
        }

        await transaction.CommitAsync();
    }
}
