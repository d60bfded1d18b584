using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>The letters of a change of address: the two that ask, and the one to the address that was.</summary>
internal sealed class AddressLetters(Outbox outbox, LetterPaper paper, MemberDirectory directory, TimeProvider time)
{
    /// <summary>False, and the change with it, where one of the two can't be written.</summary>
    public bool Put(Member member, string address, AccountLink forNew, AccountLink forOld)
    {
        if (!outbox.IsConfigured)
            return false;
        var texts = new MailTexts(MailTexts.Language(member.Language));
        // Whoever reads the letter at the new address may be a stranger: it names nobody.
        var toNew = paper.Write(
            texts, texts["Invitation.Hello"], texts["AddressNew.What", paper.Root], $"{paper.Root}{AnswerAddress.Path}#{forNew}", texts["AddressNew.Both"], texts["AddressNew.NotMine"]);
        var toOld = paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))],
            texts["AddressOld.What", address],
            $"{paper.Root}{AnswerAddress.Path}#{forOld}",
            texts["Notice.NotMine", paper.Root]);
        return outbox.Put(new Letter(MailKind.AddressChange, address, texts["AddressNew.Subject"], toNew) { About = forNew.Id })
            && outbox.Put(new Letter(MailKind.AddressChange, member.Email!, texts["AddressOld.Subject"], toOld) { About = member.Id });
    }

    /// <summary>What became of letters to the address that was says nothing about the one that is.</summary>
    public Task LetGoAsync(Member member, CancellationToken cancellationToken) => outbox.LetGoAsync(member.Id, cancellationToken);

    /// <summary>To the address that the account had: whoever took the account reads the new one, so a link to set a password would go to him.</summary>
    /// <param name="back">Null where the operator changed it.</param>
    public void PutGone(Member member, string address, AccountLink? back)
    {
        if (!outbox.IsConfigured)
            return;
        var texts = new MailTexts(MailTexts.Language(member.Language));
        string[] cure = back is null
            ? [texts["AddressGone.Operator"]]
            : [texts["AddressGone.Back"], $"{paper.Root}{ReturnAddress.Path}#{back}", texts["AddressGone.Else"]];
        var text = paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))],
            [texts["AddressGone.What"], texts["Letter.When", texts.Time(time.Now())], texts["Notice.Mine"], .. cure]);
        outbox.Put(new Letter(MailKind.Notice, address, texts["Notice.AddressChanged.Subject"], text) { Life = AddressReturn.Life });
    }
}
