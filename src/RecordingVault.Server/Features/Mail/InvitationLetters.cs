using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Mail;

/// <summary>An invitation as its letter tells it.</summary>
/// <param name="Link">Whole, secret included: it stands in the sealed text and nowhere else.</param>
internal sealed record InvitationWords(Guid InvitationId, string Address, string InviterName, string TenantName, Role Role, DateTimeOffset Until, string Link);

/// <summary>Invites by letter, in English and in German: nobody knows yet which of the two its reader reads.</summary>
internal sealed class InvitationLetters(Outbox outbox, LetterPaper paper, TimeProvider time)
{
    /// <summary>Adds the letter to the running transaction.</summary>
    /// <returns>False where no letter goes out: whoever invites copies the link from his page.</returns>
    public bool Put(InvitationWords invitation)
    {
        if (!outbox.IsConfigured)
            return false;
        var (english, german) = (new MailTexts(PublicTexts.English), new MailTexts(PublicTexts.German));
        var life = invitation.Until - time.Now();
        return outbox.Put(new Letter(
            MailKind.Invitation,
            invitation.Address,
            $"{english["Invitation.Subject"]} · {german["Invitation.Subject"]}",
            Write(english, invitation) + "\n\n" + Write(german, invitation))
        {
            About = invitation.InvitationId,
            Life = life < Letter.UsualLife ? life : Letter.UsualLife,
        });
    }

    private string Write(MailTexts texts, InvitationWords invitation) => paper.Write(
        texts,
        texts["Invitation.Hello"],
        texts["Invitation.Who", LetterPaper.OneLine(invitation.InviterName), LetterPaper.OneLine(invitation.TenantName)],
        texts["Invitation.Role", texts[$"Role.{invitation.Role}"]] + "\n" + texts["Invitation.Until", texts.Time(invitation.Until)],
        texts["Invitation.Open"],
        invitation.Link,
        texts["Invitation.Stranger"]);
}
