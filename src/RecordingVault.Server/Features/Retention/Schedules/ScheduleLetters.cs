using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Schedules;

/// <summary>Tells every other Owner and Admin that something is going to be kept for less long, and whoever asked what became of it. A letter names no schedule and no reason: it leaves the vault in clear.</summary>
internal sealed class ScheduleLetters(VaultDbContext db, Outbox outbox, LetterPaper paper, MemberDirectory directory, PageFrames frames)
{
    /// <summary>In the running transaction.</summary>
    public Task AskAsync(ScheduleChange change, CancellationToken cancellationToken) => WriteAsync(
        db.Memberships.Where(membership => membership.EndedAt == null && (membership.Role == Role.Owner || membership.Role == Role.Admin) && membership.MemberId != change.AskedBy).Select(membership => membership.MemberId),
        "Asked", change, cancellationToken);

    /// <summary>To who asked, as long as he belongs to the organisation, in the running transaction.</summary>
    public Task TellAsync(ScheduleChange change, CancellationToken cancellationToken) => WriteAsync(
        db.Memberships.Where(membership => membership.EndedAt == null && membership.MemberId == change.AskedBy).Select(membership => membership.MemberId), change.State.ToString(), change, cancellationToken);

    private async Task WriteAsync(IQueryable<Guid> to, string what, ScheduleChange change, CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return;
        var where = LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken));
        foreach (var member in await db.Users.AsNoTracking().Where(member => to.Contains(member.Id)).ToListAsync(cancellationToken))
        {
            var texts = new MailTexts(MailTexts.Language(member.Language));
            var text = paper.Write(
                texts, texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))],
                texts[$"ScheduleChange.{what}"], texts["Letter.Where", where] + (what == "Asked" ? "\n" + texts["ScheduleChange.From", texts.Time(change.InForceAt)] : ""),
                texts["ScheduleChange.Look"], $"{paper.Root}{SchedulePages.ChangesPath}/{change.Id}");
            outbox.Put(new Letter(MailKind.Notice, member.Email!, texts[$"ScheduleChange.{what}.Subject"], text));
        }
    }
}
