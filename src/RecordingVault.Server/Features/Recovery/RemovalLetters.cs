using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The letter that tells a member of a removal, with the link that stops it.</summary>
internal sealed class RemovalLetters(Outbox outbox, LetterPaper paper, MemberDirectory directory)
{
    public void Put(Member member, RemovalAsker asker, AccountLink link, DateTimeOffset due)
    {
        if (!outbox.IsConfigured)
            return;
        var texts = new MailTexts(MailTexts.Language(member.Language));
        var text = paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))],
            texts["Removal.What", LetterPaper.OneLine(asker.Name), LetterPaper.OneLine(asker.TenantName)],
            texts["Letter.When", texts.Time(due)],
            texts["Removal.Stop"],
            $"{paper.Root}{StopRemoval.Path}#{link}",
            texts["Removal.Mine"]);
        outbox.Put(new Letter(MailKind.FactorRemoval, member.Email!, texts["Removal.Subject"], text) { About = member.Id, Life = FactorRemoval.Delay });
    }
}
