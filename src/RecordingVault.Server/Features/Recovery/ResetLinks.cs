using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Makes links that set a new password. Of those that were handed over the newest alone is good, and of those that were mailed; the event stands in the log of each of the member's tenants.</summary>
internal sealed class ResetLinks(VaultDbContext db, AccountChange account, ResetLetters letters, TimeProvider time)
{
    /// <summary>For the member himself, by letter to his own address. Nothing happens where no letter can be written, or he belongs to no tenant.</summary>
    public Task<bool> MailAsync(Member member, Actor stranger, CancellationToken cancellationToken)
    {
        var link = AccountLink.New();
        var entry = new AuditEntry("password.reset-asked", stranger, AuditTargetKind.Member, member.Id);
        return account.RunAsync(member.Id, entry, async () => letters.Put(member, link) && await AddAsync(member, link, madeBy: null, isMailed: true, cancellationToken), cancellationToken);
    }

    /// <summary>For somebody else to hand over.</summary>
    /// <param name="madeBy">Null for the operator.</param>
    /// <returns>Null when the account was changed meanwhile.</returns>
    public async Task<(AccountLink Link, DateTimeOffset EndsAt)?> MakeAsync(Member member, Guid? madeBy, Actor actor, CancellationToken cancellationToken)
    {
        var link = AccountLink.New();
        var entry = new AuditEntry("password.reset-link-made", actor, AuditTargetKind.Member, member.Id);
        return await account.RunAsync(member.Id, entry, () => AddAsync(member, link, madeBy, isMailed: false, cancellationToken), cancellationToken) ? (link, time.Now() + PasswordReset.Life) : null;
    }

    /// <summary>Anybody can ask for a letter who knows the address: it ends no link that somebody made for the member to hand it over. A link that is made by hand ends both kinds.</summary>
    private async Task<bool> AddAsync(Member member, AccountLink link, Guid? madeBy, bool isMailed, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.PasswordResets.Where(older => (older.MemberId == member.Id && (older.IsMailed || !isMailed)) || older.EndsAt < now).ExecuteDeleteAsync(cancellationToken);
        db.PasswordResets.Add(new PasswordReset
        {
            Id = link.Id,
            MemberId = member.Id,
            SecretHash = link.Hash(AccountLink.ResetLabel),
            Stamp = member.SecurityStamp!,
            MadeById = madeBy,
            IsMailed = isMailed,
            CreatedAt = now,
            EndsAt = now + PasswordReset.Life,
        });
        return true;
    }
}

/// <summary>The letter with the link.</summary>
internal sealed class ResetLetters(Outbox outbox, LetterPaper paper, MemberDirectory directory)
{
    public bool Put(Member member, AccountLink link)
    {
        if (!outbox.IsConfigured)
            return false;
        var texts = new MailTexts(MailTexts.Language(member.Language));
        var text = paper.Write(
            texts, texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))], texts["Reset.What"], $"{paper.Root}/reset#{link}", texts["Reset.NotMine"]);
        return outbox.Put(new Letter(MailKind.Reset, member.Email!, texts["Reset.Subject"], text) { About = member.Id, Life = PasswordReset.Life });
    }
}
