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

namespace RecordingVault.Server.Features.Retention.Holds;

/// <summary>Opens matters and renames them. Neither lets anything go, so a script may do it.</summary>
internal sealed class MatterChange(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const string Opened = "matter.opened";
    public const string Changed = "matter.changed";

    public async Task<(Guid? Id, Problem? Problem)> OpenAsync(string? name, string? note, HttpContext http, CancellationToken cancellationToken)
    {
        if ((HoldProblems.CheckName(name) ?? HoldProblems.CheckNote(note)) is { } wrong)
            return (null, wrong);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return (null, Problem.Forbidden);
        if (await db.Matters.CountAsync(matter => matter.ClosedAt == null, cancellationToken) >= HoldProblems.MostOpen)
            return (null, HoldProblems.TooManyMatters);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var id = Guid.CreateVersion7();
        db.Matters.Add(new Matter
        {
            TenantId = db.TenantId,
            Id = id,
            Name = SealedText.Seal(key, db.TenantId, id, Matter.NameColumn, name!.Trim()),
            Note = string.IsNullOrWhiteSpace(note) ? null : SealedText.Seal(key, db.TenantId, id, Matter.NoteColumn, note.Trim()),
            OpenedAt = time.Now(),
            OpenedBy = http.User.MemberId(),
        });
        await audit.AppendAsync(new AuditEntry(Opened, http.Actor(), AuditTargetKind.Tenant, db.TenantId) { Fields = [("matter", $"{id}"), ("name", name.Trim())] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (id, null);
    }

    /// <summary>What is null stays as it is; an empty note takes it away. A closed one keeps the words that it was closed with.</summary>
    public async Task<Problem?> ChangeAsync(Guid id, string? name, string? note, HttpContext http, CancellationToken cancellationToken)
    {
        if (((name is null ? null : HoldProblems.CheckName(name)) ?? HoldProblems.CheckNote(note)) is { } wrong)
            return wrong;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Matters.SingleOrDefaultAsync(matter => matter.Id == id, cancellationToken) is not { } matter)
            return Problem.NotFound;
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return Problem.Forbidden;
        if (matter.ClosedAt is not null)
            return HoldProblems.MatterClosed;
        using var key = await keys.DataKeyAsync(cancellationToken);
        if (name is not null)
            matter.Name = SealedText.Seal(key, matter.TenantId, id, Matter.NameColumn, name.Trim());
        if (note is not null)
            matter.Note = string.IsNullOrWhiteSpace(note) ? null : SealedText.Seal(key, matter.TenantId, id, Matter.NoteColumn, note.Trim());
        matter.Version++;
        await audit.AppendAsync(new AuditEntry(Changed, http.Actor(), AuditTargetKind.Tenant, db.TenantId) { Fields = [("matter", $"{id}"), ("name", matter.Name.Open(key, matter.TenantId, id, Matter.NameColumn))] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
