using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings.Approvals;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Recordings.Approvals;

/// <summary>A request for a second person, as a row: asking for one needs an organisation that takes it, and a person.</summary>
internal static class PlantedLoosening
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid id, Guid recordingId, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recordingId, cancellationToken);
        var now = TimeProvider.System.Now();
        db.LooseningRequests.Add(new LooseningRequest
        {
            TenantId = tenant.Id,
            Id = id,
            RecordingId = recordingId,
            AskedBy = tenant.Owner.Id,
            CreatedAt = now,
            ExpiresAt = now + LooseningRequest.Life,
            Before = UsageTag.NoTdm,
            Tag = UsageTag.AllowedUse,
            TagChanges = 0,
            Uses = "inference",
            Reason = SealedText.Seal(key, tenant.Id, id, LooseningRequest.ReasonColumn, "planted"),
            State = LooseningState.Declined,
            EndedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
