using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Due.Run;

/// <summary>
/// The second step of a night: tells people what ends in a week. The marks and the letters stand in one transaction, so that nothing counts as told that nobody was told of; it is a few statements,
/// however many recordings there are. A letter names no recording and nobody: it leaves the vault in clear.
/// </summary>
internal sealed class DueWarning(VaultDbContext db, AuditLog audit, Outbox outbox, LetterPaper paper, MemberDirectory directory, PageFrames frames, TimeProvider time)
{
    /// <returns>Of how many recordings people are told now.</returns>
    public async Task<int> WarnAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var now = time.Now();
        var soon = now + DueRows.Notice;
        // What is held goes nowhere: when its hold is lifted, people are told anew.
        await DueRows.Kept(db).Where(row => row.DisposeAt <= soon && row.WarnedAt != null && db.LegalHolds.Any(hold => hold.RecordingId == row.RecordingId && hold.LiftedAt == null))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, (DateTimeOffset?)null), cancellationToken);
        var warned = await DueRows.Unwarned(db, now).ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, now), cancellationToken);
        if (warned > 0 && outbox.IsConfigured)
            await WriteAsync(warned, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return warned;
    }

    /// <summary>One letter to each: who manages the organisation hears of all, who made recordings of his own.</summary>
    private async Task WriteAsync(int all, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon = now + DueRows.Notice;
        var own = await db.RecordingDisposals.Where(row => row.DisposeAt <= soon && row.WarnedAt == now)
            .Join(db.Recordings, row => row.RecordingId, recording => recording.Id, (_, recording) => recording.CreatedBy)
            .GroupBy(creator => creator).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var creators = own.Keys.ToList();
        var readers = await db.Memberships.AsNoTracking()
            .Where(membership => membership.EndedAt == null && membership.Role != Role.Auditor && (membership.Role == Role.Owner || membership.Role == Role.Admin || creators.Contains(membership.MemberId)))
            .Join(db.Users, membership => membership.MemberId, member => member.Id, (membership, member) => new { Member = member, membership.Role }).ToListAsync(cancellationToken);
        var where = LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken));
        foreach (var reader in readers)
            Put(reader.Member, reader.Role is Role.Owner or Role.Admin ? all : own[reader.Member.Id], soon, where);
    }

    private void Put(Member member, int count, DateTimeOffset from, string where)
    {
        var texts = new MailTexts(MailTexts.Language(member.Language));
        var day = texts.Day(from);
        var number = count == 1 ? "One" : "Many";
        var text = paper.Write(
            texts, texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))], texts[$"Due.{number}", count, day], texts["Due.Keep"], texts["Letter.Where", where],
            texts["Due.Look"], $"{paper.Root}{DueRoutes.Path}");
        outbox.Put(new Letter(MailKind.Notice, member.Email!, texts[$"Due.{number}.Subject", count, day], text));
    }
}
