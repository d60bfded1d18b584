using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Tests.Tenants;

/// <summary>A picture of all that a tenant has, before and after others have tried.</summary>
public sealed partial class TwoTenantsTests
{
    /// <summary>Everything that walking or a job could have changed, without the times of use: rows, and the names of what is stored.</summary>
    private async Task<string> SnapshotAsync(Guid tenantId)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var recordings = await db.Recordings.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.State, row.CardVersion, row.ManifestSequence }).ToListAsync(Ct);
        var assets = (await db.RecordingAssets.AsNoTracking().OrderBy(row => row.Id).ToListAsync(Ct)).Select(row => new { row.Id, row.RecordingId, HasDigest = row.ContentDigest is not null });
        var participants = await db.Participants.AsNoTracking().OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Ct);
        var consents = await db.ConsentRecords.AsNoTracking().OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Ct);
        var evidence = await db.ConsentEvidence.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.ObjectId, row.EndedAt }).ToListAsync(Ct);
        var shown = await db.EvidenceRecords.AsNoTracking().OrderBy(row => row.EvidenceId).ThenBy(row => row.RecordId).Select(row => new { row.EvidenceId, row.RecordId }).ToListAsync(Ct);
        var tasks = await db.ConsentTasks.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.ClosedAt }).ToListAsync(Ct);
        var shares = await db.Shares.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.StoppedAt, row.PasscodeTries }).ToListAsync(Ct);
        var viewings = await db.Viewings.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.StartedAt, row.PlayedShare }).ToListAsync(Ct);
        var uploads = await db.Uploads.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.ReceivedBytes }).ToListAsync(Ct);
        var moves = await db.RecordingMoves.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.State }).ToListAsync(Ct);
        var tokens = await db.ApiTokens.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.RevokedAt }).ToListAsync(Ct);
        var members = await db.Memberships.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Role, row.EndedAt }).ToListAsync(Ct);
        var invitations = await db.Invitations.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version }).ToListAsync(Ct);
        var sessions = await db.Sessions.AsNoTracking().Where(row => row.TenantId == tenantId).OrderBy(row => row.Id).Select(row => new { row.Id, row.EndedAt }).ToListAsync(Ct);
        var passkeys = await db.Passkeys.AsNoTracking().Where(row => db.Memberships.Any(membership => membership.MemberId == row.MemberId)).OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Ct);
        var exports = await db.PackageExports.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.State, row.Tries, row.ExpiresAt }).ToListAsync(Ct);
        var processors = await db.Processors.AsNoTracking().OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Ct);
        var loosenings = await db.LooseningRequests.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.State, row.DecidedBy }).ToListAsync(Ct);
        var keys = await db.KeyWraps.AsNoTracking().OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Ct);
        var events = await db.AuditEvents.CountAsync(Ct);
        var objects = Directory.EnumerateFiles(Path.Combine(vault.DataDirectory, "store"), "*", SearchOption.AllDirectories)
            .Where(path => path.Contains(tenantId.ToString(), StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(vault.DataDirectory, path));
        var requests = await db.ConsentRequests.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.StoppedAt, row.AnsweredAt }).ToListAsync(Ct);
        var receipts = await db.ConsentReceipts.AsNoTracking().OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Ct);
        var contacts = await db.Contacts.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version }).ToListAsync(Ct);
        var erasures = await db.ErasureRequests.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.ContactId, row.ClosedAt }).ToListAsync(Ct);
        var links = await db.ContactPeople.AsNoTracking().OrderBy(row => row.ParticipantId).Select(row => new { row.ParticipantId, row.ContactId }).ToListAsync(Ct);
        return JsonSerializer.Serialize(new { recordings, assets, participants, contacts, links, erasures, consents, evidence, shown, tasks, requests, receipts, shares, viewings, uploads, moves, tokens, members, invitations, sessions, passkeys, exports, processors, loosenings, keeping = await KeepingAsync(db), keys, events, objects });
    }

    /// <summary>What says how long its recordings are kept.</summary>
    private static async Task<object> KeepingAsync(VaultDbContext db)
    {
        var schedules = new { Rules = await db.RetentionSchedules.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version }).ToListAsync(Ct), Changes = await db.ScheduleChanges.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.State }).ToListAsync(Ct) };
        var matters = await db.Matters.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.ClosedAt }).ToListAsync(Ct);
        var holds = await db.LegalHolds.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.LiftedAt }).ToListAsync(Ct);
        var feeds = await db.DueFeeds.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.RevokedAt }).ToListAsync(Ct);
        var kept = await db.RecordingDisposals.AsNoTracking().Where(row => row.KeepUntil != null || row.ReviewSince != null).OrderBy(row => row.RecordingId).Select(row => new { row.RecordingId, row.KeepUntil, row.ReviewSince }).ToListAsync(Ct);
        return new { schedules, matters, holds, feeds, kept };
    }
}
