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
        var (asker, tenant) = (LetterPaper.OneLine(http.User.Identity?.Name ?? ""), LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken)));
        return Put(request.Id, mailAddress, "Consent.Subject", request.ExpiresAt - time.Now(), texts => paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(name)],
            texts["Consent.What", asker, tenant],
            texts["Consent.Free"],
            texts["Consent.Open", texts.Time(request.ExpiresAt)],
            Link(request.Id, secret, http),
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
            Link(receipt.Id, secret, http),
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

    private string Link(Guid id, ReadOnlyMemory<byte> secret, HttpContext http) => $"{address.Root(http.Request)}{ConsentPaths.Of(id)}#{SecretToken.ToText(secret.Span)}";
}
