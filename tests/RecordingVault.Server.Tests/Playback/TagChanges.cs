using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>Another tag for a recording, set behind the back of those who ask whether somebody may.</summary>
internal static class TagChanges
{
    /// <summary>Says that the file's own marks were read, and say nothing.</summary>
    public static async Task LoosenFileAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        await using var scope = recording.Tenant.Enter();
        await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Tenants
            .ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.UsageTag, UsageTag.AllowedUse).SetProperty(tenant => tenant.UsesNeedingConsent, ""), cancellationToken);
    }

    public static async Task TagAsync(StoredRecording recording, UsageTag tag, CancellationToken cancellationToken)
    {
        await using var scope = recording.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await db.Recordings.SingleAsync(row => row.Id == recording.Id, cancellationToken);
        row.UsageTag = tag;
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("recording.tag-tightened", Actor.System, AuditTargetKind.Recording, row.Id) { ChangesPermission = true }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
