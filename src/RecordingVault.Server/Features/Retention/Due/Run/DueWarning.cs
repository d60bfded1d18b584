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
/// The second step of a night: tells people what ends in a week. The letters stand in the transaction of the first marks, so that nothing counts as told that nobody was told of. A letter names no recording and nobody: it leaves the vault in clear.
/// </summary>
internal sealed class DueWarning(VaultDbContext db, AuditLog audit, Outbox outbox, LetterPaper paper, MemberDirectory directory, PageFrames frames, TimeProvider time)
{
    /// <summary>So many in one transaction: whoever changes or watches something meanwhile waits for no more.</summary>
    private const int PageLength = 1_000;

    /// <returns>Of how many recordings people are told now.</returns>
    public async Task<int> WarnAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        var marked = 0;
        // The letters stand in the transaction of the first marks, and tell of all: killed behind it, the next night marks the rest and tells of that once more.
        for (var isFirst = true; ; isFirst = false)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (isFirst)
                await BeginAsync(now, cancellationToken);
            var page = await DueRows.Unwarned(db, now).OrderBy(row => row.DisposeAt).ThenBy(row => row.RecordingId).Take(PageLength).Select(row => row.RecordingId).ToListAsync(cancellationToken);
            marked += await db.RecordingDisposals.Where(row => page.Contains(row.RecordingId)).ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, now), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (page.Count < PageLength)
                return marked;
        }
    }

    private async Task BeginAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon = now + DueRows.Notice;
        // What is held goes nowhere: when its hold is lifted, people are told anew.
        await DueRows.Kept(db).Where(row => row.DisposeAt <= soon && row.WarnedAt != null && db.LegalHolds.Any(hold => hold.RecordingId == row.RecordingId && hold.LiftedAt == null))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, (DateTimeOffset?)null), cancellationToken);
        if (outbox.IsConfigured && await DueRows.Unwarned(db, now).CountAsync(cancellationToken) is > 0 and var all)
            await WriteAsync(all, now, cancellationToken);
    }

    /// <summary>One letter to each: who manages the organisation hears of all, who made recordings of his own.</summary>
    private async Task WriteAsync(int all, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon = now + DueRows.Notice;
        var own = await DueRows.Unwarned(db, now)
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
