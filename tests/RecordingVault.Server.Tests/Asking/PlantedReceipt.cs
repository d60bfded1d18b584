using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>A receipt under a chosen id, for tests that walk over receipts and read none.</summary>
internal static class PlantedReceipt
{
    public static async Task<Guid> AddAsync(TestTenant tenant, Guid requestId, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var request = await db.ConsentRequests.SingleAsync(row => row.Id == requestId, cancellationToken);
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(request.RecordingId, cancellationToken);
        db.ConsentReceipts.Add(new ConsentReceipt
        {
            TenantId = tenant.Id,
            Id = id,
            RecordingId = request.RecordingId,
            ParticipantId = request.ParticipantId,
            RequestId = requestId,
            SecretHash = ConsentReceipt.HashSecret(id, SecretToken.New()),
            Document = SealedText.Seal(key, tenant.Id, id, ConsentReceipt.DocumentColumn, "{}"),
            CreatedAt = TimeProvider.System.Now(),
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }

    /// <summary>A request under a chosen id, about somebody of a recording that is there.</summary>
    public static async Task<Guid> AskAsync(TestTenant tenant, Guid recordingId, Guid participantId, Guid id, CancellationToken cancellationToken)
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var now = TimeProvider.System.Now();
        db.ConsentRequests.Add(new ConsentRequest
        {
            TenantId = tenant.Id,
            Id = id,
            RecordingId = recordingId,
            ParticipantId = participantId,
            SecretHash = ConsentRequest.HashSecret(id, SecretToken.New()),
            Purposes = "keep",
            MayWatch = false,
            CreatedAt = now,
            CreatedBy = tenant.Owner.Id,
            ExpiresAt = now.AddDays(1),
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }
}
