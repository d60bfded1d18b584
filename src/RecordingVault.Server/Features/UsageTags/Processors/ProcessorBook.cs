using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.UsageTags.Processors;

public sealed record ProcessorResponse(Guid Id, string Name, DateTimeOffset Since);

/// <summary>Names processors and takes the names back. Naming one lets content go where it did not before: that is done as a tag is loosened. Taking one back holds at the next byte.</summary>
internal sealed class ProcessorBook(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const int Most = 50;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<ProcessorResponse>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await db.Processors.AsNoTracking().ToListAsync(cancellationToken);
        if (rows.Count == 0)
            return [];
        using var key = await keys.DataKeyAsync(cancellationToken);
        return [.. rows.Select(row => new ProcessorResponse(row.Id, NameOf(row, key), row.Since)).OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The name of one that content may leave to; null where there is none such in the organisation.</summary>
    public async Task<string?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await db.Processors.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } processor)
            return null;
        using var key = await keys.DataKeyAsync(cancellationToken);
        return NameOf(processor, key);
    }

    public async Task<(ProcessorResponse? Named, Problem? Problem)> NameAsync(string? name, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > Processor.LongestName || name.Any(char.IsControl))
            return (null, UsageProblems.NoProcessorName);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var entry = new AuditEntry("processor.named", http.Actor(), AuditTargetKind.Tenant, db.TenantId) { Fields = [("processor", name)] };
        if ((UsageProblems.Refusal(http, reason, time.GetUtcNow()) ?? await RefusalByRowsAsync(http, cancellationToken)) is { } refusal)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (refusal == Problem.PersonNeeded)
                await audit.WriteAsync(entry with { Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
            return (null, refusal);
        }

        using var key = await keys.DataKeyAsync(cancellationToken);
        var rows = await db.Processors.AsNoTracking().ToListAsync(cancellationToken);
        if (rows.Exists(row => string.Equals(NameOf(row, key), name, StringComparison.OrdinalIgnoreCase)))
            return (null, UsageProblems.ProcessorNamedAlready);
        if (rows.Count >= Most)
            return (null, UsageProblems.TooManyProcessors);
        var id = Guid.CreateVersion7();
        var processor = new Processor { TenantId = db.TenantId, Id = id, Name = SealedText.Seal(key, db.TenantId, id, Processor.NameColumn, name), Since = time.Now() };
        db.Processors.Add(processor);
        await audit.AppendAsync(entry with { Fields = [.. entry.Fields, ("why", reason!.Trim())] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (new ProcessorResponse(id, name, processor.Since), null);
    }

    /// <summary>Null means done. What runs to it is stopped.</summary>
    public async Task<Problem?> TakeBackAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Processors.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } processor)
            return Problem.NotFound;
        if (await RefusalByRowsAsync(http, cancellationToken) is { } refusal)
            return refusal;
        using var key = await keys.DataKeyAsync(cancellationToken);
        db.Processors.Remove(processor);
        await audit.AppendAsync(
            new AuditEntry("processor.taken-back", http.Actor(), AuditTargetKind.Tenant, db.TenantId) { ChangesPermission = true, Fields = [("processor", NameOf(processor, key))] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static string NameOf(Processor processor, Vault.Keys.TenantDataKey key) => processor.Name.Open(key, processor.TenantId, processor.Id, Processor.NameColumn);

    private async Task<Problem?> RefusalByRowsAsync(HttpContext http, CancellationToken cancellationToken) =>
        await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is { Role: Role.Owner or Role.Admin } ? null : Problem.Forbidden;
}
