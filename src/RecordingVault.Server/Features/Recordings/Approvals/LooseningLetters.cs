using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>Tells whoever may decide that something waits, and whoever asked what became of it, where the vault can send mail. A letter names no recording and no reason: it leaves the vault in clear.</summary>
internal sealed class LooseningLetters(VaultDbContext db, Outbox outbox, LetterPaper paper, MemberDirectory directory, PageFrames frames)
{
    /// <summary>To every other Owner and Admin, in the running transaction.</summary>
    public Task AskAsync(LooseningRequest request, CancellationToken cancellationToken) => WriteAsync(
        db.Memberships.Where(membership => membership.EndedAt == null && (membership.Role == Role.Owner || membership.Role == Role.Admin) && membership.MemberId != request.AskedBy).Select(membership => membership.MemberId),
        "Asked", request, cancellationToken);

    /// <summary>To who asked, as long as he belongs to the organisation, in the running transaction.</summary>
    public Task TellAsync(LooseningRequest request, CancellationToken cancellationToken) => WriteAsync(
        db.Memberships.Where(membership => membership.EndedAt == null && membership.MemberId == request.AskedBy).Select(membership => membership.MemberId), request.State.ToString(), request, cancellationToken);

    private async Task WriteAsync(IQueryable<Guid> to, string what, LooseningRequest request, CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return;
        var where = LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken));
        foreach (var member in await db.Users.AsNoTracking().Where(member => to.Contains(member.Id)).ToListAsync(cancellationToken))
        {
            var texts = new MailTexts(MailTexts.Language(member.Language));
            var text = paper.Write(
                texts, texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))],
                texts[$"Loosening.{what}"], texts["Letter.Where", where] + (what == "Asked" ? "\n" + texts["Loosening.Until", texts.Time(request.ExpiresAt)] : ""),
                texts["Loosening.Look"], $"{paper.Root}{LooseningPages.Path}/{request.Id}");
            outbox.Put(new Letter(MailKind.Notice, member.Email!, texts[$"Loosening.{what}.Subject"], text));
        }
    }
}
