using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Commands;

/// <summary>`storage move`: brings over what lies in the former store (Vault__Storage__Former__…), beside a running server.</summary>
internal static class StorageVerbs
{
    public static Command Move()
    {
        var recording = new Option<Guid?>("--recording") { Description = "Only this recording. Without it: all recordings, and then everything else." };
        var command = new Command("move", "Bring recordings over from the former store (Vault__Storage__Former__…). Reading goes on meanwhile.") { recording };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(vault => MoveAsync(vault, parsed.GetValue(recording), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task MoveAsync(OpenedVault vault, Guid? only, CancellationToken cancellationToken)
    {
        if (vault.Services.GetRequiredService<SealedStore>().Moving is not { } moving)
            throw new VerbRefusedException("There is no former store. Name the one that recordings lie in now by Vault__Storage__Former__…, and the new one by Vault__Storage__…; see docs/operations.md.");
        await moving.RequireApartAsync(cancellationToken);
        var system = vault.Services.GetRequiredService<SystemScope>();
        StoreMoving.IsDestroyed isDestroyed = (tenantId, recordingId, ended) => IsDestroyedAsync(system, tenantId, recordingId, ended);
        var tenants = await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken);
        if (only is null)
        {
            // Keys and whatever else is a tenant's come over too, which no event of a recording tells.
            foreach (var tenantId in tenants)
                await TenantVerb.TellAsync(system, tenantId, "storage move", AuditOutcome.Allowed, cancellationToken);
        }

        var (moved, recordings) = (new MovedObjects(0, 0), 0);
        await foreach (var (tenantId, recordingId) in moving.ListRecordingsAsync(cancellationToken))
        {
            if (only is not null && recordingId != only)
                continue;
            var one = await moving.MoveRecordingAsync(tenantId, recordingId, isDestroyed, cancellationToken);
            moved += one;
            recordings++;
            if (tenants.Contains(tenantId))
                await TellAsync(system, tenantId, recordingId, cancellationToken);
            Console.WriteLine($"{recordingId}: {one.Count} objects, {one.Bytes} bytes");
        }

        if (only is not null && recordings == 0)
            throw new VerbRefusedException($"Nothing of a recording {only} lies in the former store.");
        if (only is null)
            moved += await moving.MoveRestAsync(isDestroyed, cancellationToken);
        if (only is null && !await moving.IsFormerEmptyAsync(cancellationToken))
            throw new VerbRefusedException($"{recordings} recordings, {moved.Count} objects, {moved.Bytes} bytes moved, but something came into the former store meanwhile: a server still runs with the old settings. Restart every node, then move again.");
        Console.WriteLine(only is null
            ? $"{recordings} recordings, {moved.Count} objects, {moved.Bytes} bytes. Nothing is left in the former store: take Vault__Storage__Former__… out of the settings, and restart every node."
            : $"{moved.Count} objects, {moved.Bytes} bytes.");
    }

    /// <summary>Of a tenant that this vault does not know, nothing is known to be destroyed.</summary>
    private static async Task<bool> IsDestroyedAsync(SystemScope system, Guid tenantId, Guid recordingId, CancellationToken cancellationToken)
    {
        if (!(await system.ListTenantsAsync(SystemReason.Sweep, cancellationToken)).Contains(tenantId))
            return false;
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        return !await db.Recordings.AnyAsync(recording => recording.Id == recordingId && !recording.IsBeingDestroyed, cancellationToken);
    }

    /// <summary>Where his recording lies is the tenant's to know.</summary>
    private static async Task TellAsync(SystemScope system, Guid tenantId, Guid recordingId, CancellationToken cancellationToken)
    {
        await using var scope = system.Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<AuditLog>()
            .AppendAsync(new AuditEntry("recording.moved", TenantVerbs.Operator, AuditTargetKind.Recording, recordingId), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
