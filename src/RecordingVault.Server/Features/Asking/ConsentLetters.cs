using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>Asks by letter, reminds, and sends receipts, in English and in German: nobody knows which of the two its reader reads. They name no title: it may be said to others who read that mail.</summary>
internal sealed class ConsentLetters(Outbox outbox, LetterPaper paper, PageFrames frames, PublicAddress address, TimeProvider time)
{
    /// <summary>In the running transaction.</summary>
    /// <returns>False where no letter goes out: whoever asks hands the link over himself.</returns>
    public async Task<bool> AskAsync(ConsentRequest request, string name, string mailAddress, ReadOnlyMemory<byte> secret, HttpContext http, CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return false;
        return await AskAsync(request, name, mailAddress, http.User.Identity?.Name ?? "", Link(address.Root(http.Request), request.Id, secret), isAgain: false, cancellationToken);
    }

    /// <summary>In the running transaction: asks once more, by another link.</summary>
    /// <param name="asker">The name of whoever asked.</param>
    public Task<bool> RemindAsync(ConsentRequest request, string name, string mailAddress, string asker, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken) =>
        outbox.IsConfigured ? AskAsync(request, name, mailAddress, asker, Link(paper.Root, request.Id, secret), isAgain: true, cancellationToken) : Task.FromResult(false);

    private async Task<bool> AskAsync(ConsentRequest request, string name, string mailAddress, string asker, string link, bool isAgain, CancellationToken cancellationToken)
    {
        var tenant = LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken));
        return Put(request.Id, mailAddress, "Consent.Subject", request.ExpiresAt - time.Now(), texts => paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(name)],
            texts["Consent.What", LetterPaper.OneLine(asker), tenant] + (isAgain ? "\n" + texts["Consent.Again"] : ""),
            texts["Consent.Free"],
            texts["Consent.Open", texts.Time(request.ExpiresAt)],
            link,
            texts["Consent.Stranger"]));
    }

    /// <summary>In the running transaction.</summary>
    public async Task<bool> SendReceiptAsync(ConsentReceipt receipt, string name, string mailAddress, ReadOnlyMemory<byte> secret, HttpContext http, CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return false;
        var tenant = LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken));
        return Put(receipt.Id, mailAddress, "Receipt.Subject", Letter.UsualLife, texts => paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(name)],
            texts["Receipt.What", tenant],
            texts["Receipt.Open"],
            Link(address.Root(http.Request), receipt.Id, secret),
            texts["Receipt.Keep"]));
    }

    public Task TakeBackAsync(Guid requestId, CancellationToken cancellationToken) => outbox.TakeBackAsync(requestId, cancellationToken);

    private bool Put(Guid about, string mailAddress, string subject, TimeSpan life, Func<MailTexts, string> write)
    {
        var (english, german) = (new MailTexts(PublicTexts.English), new MailTexts(PublicTexts.German));
        return outbox.Put(new Letter(MailKind.Consent, mailAddress, $"{english[subject]} · {german[subject]}", write(english) + "\n\n" + write(german))
        {
            About = about,
            Life = life < Letter.UsualLife ? life : Letter.UsualLife,
        });
    }

    private static string Link(string root, Guid id, ReadOnlyMemory<byte> secret) => $"{root}{ConsentPaths.Of(id)}#{SecretToken.ToText(secret.Span)}";
}
