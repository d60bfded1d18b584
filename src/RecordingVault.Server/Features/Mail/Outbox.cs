using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Mail;

/// <summary>Puts letters down in the caller's transaction; they are sent when it is committed, and never when it is not.</summary>
internal sealed partial class Outbox(VaultDbContext db, VaultKeyring keyring, JobQueue queue, IOptions<VaultOptions> options, IServiceProvider services)
{
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly ILogger<Outbox> log = services.GetRequiredService<ILogger<Outbox>>();

    /// <summary>Whether the vault can send mail at all. Where it can't, links are shown on pages, and notices stand in the log only.</summary>
    public bool IsConfigured => options.Value.Smtp.IsConfigured;

    /// <summary>Adds the letter to the running transaction; the caller saves and commits.</summary>
    /// <returns>False, and nothing was added, where no mail can be sent, or none to this address.</returns>
    /// <exception cref="InvalidOperationException">No transaction is running.</exception>
    public bool Put(Letter letter)
    {
        if (!IsConfigured)
            return false;
        if (!CanTake(letter.Address))
        {
            NoMailAddress(log, letter.Kind);
            return false;
        }

        var id = Guid.CreateVersion7();
        var now = time.Now();
        db.OutgoingMails.Add(new OutgoingMail
        {
            Id = id,
            Kind = letter.Kind,
            Recipient = SealedText.Seal(keyring.Vault, Guid.Empty, id, OutgoingMail.RecipientColumn, letter.Address),
            Subject = SealedText.Seal(keyring.Vault, Guid.Empty, id, OutgoingMail.SubjectColumn, letter.Subject),
            Text = SealedText.Seal(keyring.Vault, Guid.Empty, id, OutgoingMail.TextColumn, letter.Text),
            AboutId = letter.About,
            CreatedAt = now,
            EndsAt = now + letter.Life,
            NextTryAt = now,
        });
        db.AfterCommit(queue.Nudge<SendMailJob>);
        return true;
    }

    /// <summary>In the running transaction: letters about this that were not sent yet are not sent any more, and none of them says anything about the next one.</summary>
    public async Task TakeBackAsync(Guid aboutId, CancellationToken cancellationToken)
    {
        await db.OutgoingMails.Where(mail => mail.AboutId == aboutId && mail.GivenUpAt == null).ExecuteDeleteAsync(cancellationToken);
        await LetGoAsync(aboutId, cancellationToken);
    }

    /// <summary>What became of letters from before says nothing about this any more, such as about a member who has another address now. Those on their way still go.</summary>
    public Task<int> LetGoAsync(Guid aboutId, CancellationToken cancellationToken) =>
        db.OutgoingMails.Where(mail => mail.AboutId == aboutId).ExecuteUpdateAsync(set => set.SetProperty(mail => mail.AboutId, (Guid?)null), cancellationToken);

    /// <summary>Whether mail knows this as one address and nothing more: an account may have a stranger one, and then gets no letters.</summary>
    public static bool CanTake(string address) =>
        address.Contains('@', StringComparison.Ordinal) && MailboxAddress.TryParse(address, out var mailbox) && string.Equals(mailbox.Address, address, StringComparison.Ordinal) && string.IsNullOrEmpty(mailbox.Name);

    [LoggerMessage(EventId = 440, Level = LogLevel.Warning, Message = "A letter ({Kind}) was not written: mail knows no address like the one on the account")]
    private static partial void NoMailAddress(ILogger log, MailKind kind);
}
