using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Audit;

/// <summary>What is told of one act. Fields are personal or free values (name, address, user agent, reason); they are sealed and only their digests stand in the leaf.</summary>
internal sealed record AuditEntry(string Type, Actor Actor, AuditTargetKind? TargetKind, Guid? TargetId)
{
    public AuditOutcome Outcome { get; init; } = AuditOutcome.Allowed;
    public bool Decrypted { get; init; }

    /// <summary>What the event tells of can change what the gate would answer: every node is made to look again at what it is sending.</summary>
    public bool ChangesPermission { get; init; }
    public IReadOnlyList<(string Name, string? Value)> Fields { get; init; } = [];
}

/// <summary>
/// The counter by which every node of a tenant learns that permissions changed. Only the log raises it, always after it has taken the head's lock:
/// two transactions that took the two rows in different order would wait for each other.
/// </summary>
internal interface IPermissionCounter
{
    Task RaiseAsync(CancellationToken cancellationToken);
}

/// <summary>Writes the tenant's log. An event stands or falls with the transaction of the change that it tells of.</summary>
internal sealed class AuditLog(VaultDbContext db, TenantKeys keys, IPermissionCounter permissions, TimeProvider time)
{
    /// <summary>Takes the tenant's lock until the running transaction ends, for an act that must read before it knows what its events are.</summary>
    public async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        RequireTransaction();
        await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(head => head.LastNumber, head => head.LastNumber), cancellationToken);
    }

    /// <summary>Gives the next number under the tenant's lock and adds the event to the running transaction; the caller saves and commits.</summary>
    /// <returns>The event's id.</returns>
    /// <exception cref="InvalidOperationException">No transaction is running: an event on its own could outlive or miss what it tells of.</exception>
    public async Task<Guid> AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        RequireTransaction();
        var number = await NextNumberAsync(cancellationToken);
        if (entry.ChangesPermission)
            await permissions.RaiseAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var fields = entry.Fields.Concat(entry.Actor.Fields)
            .Where(field => !string.IsNullOrEmpty(field.Value))
            .Select(field => AuditField.New(field.Name, field.Value!))
            .ToList();
        var leaf = new AuditLeaf(
            db.TenantId, number, Guid.CreateVersion7(), time.Now(), entry.Type, entry.Actor.Kind, entry.Actor.Id,
            entry.TargetKind, entry.TargetId, entry.Outcome, entry.Decrypted, fields);
        db.AuditEvents.Add(new AuditEvent
        {
            TenantId = leaf.TenantId,
            Id = leaf.EventId,
            Number = leaf.Number,
            Time = leaf.Time,
            Type = leaf.Type,
            ActorKind = leaf.ActorKind,
            ActorId = leaf.ActorId,
            TargetKind = leaf.TargetKind,
            TargetId = leaf.TargetId,
            Outcome = leaf.Outcome,
            Decrypted = leaf.Decrypted,
            Leaf = leaf.Encode(),
            Values = fields.Count == 0 ? null : SealedText.Seal(key, leaf.TenantId, leaf.EventId, AuditEvent.ValuesColumn, AuditValues.Write(fields)),
        });
        return leaf.EventId;
    }

    /// <summary>Writes an event of its own, in a transaction of its own: a refusal, a sign-in.</summary>
    public async Task<Guid> WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var id = await AppendAsync(entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    private void RequireTransaction()
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("An audit event is written inside the transaction of what it tells of.");
    }

    private async Task<long> NextNumberAsync(CancellationToken cancellationToken)
    {
        var updated = await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(head => head.LastNumber, head => head.LastNumber + 1), cancellationToken);
        if (updated != 1)
            throw new InvalidOperationException("The tenant has no audit head.");
        return await db.AuditHeads.AsNoTracking().Select(head => head.LastNumber).SingleAsync(cancellationToken);
    }
}

/// <summary>The sealed values beside an event: name → salt (hex) and value.</summary>
internal static class AuditValues
{
    private sealed record Stored(string Salt, string Value);

    public static string Write(IEnumerable<AuditField> fields) =>
        JsonSerializer.Serialize(fields.ToDictionary(field => field.Name, field => new Stored(Convert.ToHexStringLower(field.Salt.Span), field.Value), StringComparer.Ordinal));

    public static IReadOnlyDictionary<string, string> Read(string json) =>
        (JsonSerializer.Deserialize<Dictionary<string, Stored>>(json) ?? []).ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal);
}
