using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Mail;

/// <summary>
/// Sends what is due; nudged when a letter was put down, and run each minute. A letter is taken by compare-and-swap on its row, so two nodes don't send it
/// at once. The row goes when the server has taken the letter: killed in between, it is sent a second time, under the same Message-ID, and never lost.
/// </summary>
internal sealed partial class SendMailJob(VaultDbContext db, VaultKeyring keyring, SmtpLine line, IOptions<VaultOptions> options, IServiceProvider services) : ISystemJob
{
    /// <summary>Longer than a try may take.</summary>
    public static readonly TimeSpan Taken = TimeSpan.FromMinutes(10);

    /// <summary>How long a row without its words says that a letter was given up.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private const int AtOnce = 200;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(4);

    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly JobEdge edge = services.GetRequiredService<JobEdge>();
    private readonly ILogger<SendMailJob> log = services.GetRequiredService<ILogger<SendMailJob>>();

    public static string Name => "send-mail";

    /// <summary>A minute, then twice as long each time, four hours at most.</summary>
    public static TimeSpan WaitAfter(int tries)
    {
        var wait = TimeSpan.FromMinutes(Math.Pow(2, Math.Clamp(tries - 1, 0, 10)));
        return wait < LongestWait ? wait : LongestWait;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        await ForgetAsync(now, cancellationToken);
        var due = await db.OutgoingMails.AsNoTracking().Where(mail => mail.GivenUpAt == null && mail.NextTryAt <= now)
            .OrderBy(mail => mail.NextTryAt).Take(AtOnce).ToListAsync(cancellationToken);
        foreach (var mail in due)
        {
            if (mail.EndsAt <= now)
                await GiveUpAsync(mail, mail.Failure ?? "too-late", cancellationToken);
            else if (options.Value.Smtp.IsConfigured && await TakeAsync(mail, now, cancellationToken) && !await SendAsync(mail, cancellationToken))
                return; // the server is out of reach, or refuses us: the others wait for the next minute
        }
    }

    /// <summary>False when it is the server that fails, and not this letter.</summary>
    private async Task<bool> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            await line.SendAsync(mail.Id, Open(mail), cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested) // the edge to a server that is not ours: whatever goes wrong there ends in a slug
        {
            var failure = MailFailure.Of(fault);
            NotTaken(log, mail.Id, mail.Kind, failure.Slug);
            if (failure.IsFinal)
                await GiveUpAsync(mail, failure.Slug, CancellationToken.None);
            else
                await PutOffAsync(mail, failure.Slug);
            return failure.IsOfLetter;
        }

        // Taken by the server: from here on nothing may stop the row from going.
        await edge.TryAsync(Name, mail.Id, () => NoteTakenAsync(mail));
        return true;
    }

    /// <summary>Mail reaches this reader, whatever became of letters before.</summary>
    private async Task NoteTakenAsync(OutgoingMail mail)
    {
        await db.OutgoingMails.Where(row => row.Id == mail.Id).ExecuteDeleteAsync(CancellationToken.None);
        if (mail.AboutId is { } about)
            await db.OutgoingMails.Where(row => row.AboutId == about && row.GivenUpAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.AboutId, (Guid?)null), CancellationToken.None);
    }

    /// <summary>False when another run has it.</summary>
    private async Task<bool> TakeAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var until = now + Taken;
        return await db.OutgoingMails.Where(row => row.Id == mail.Id && row.Tries == mail.Tries && row.NextTryAt == mail.NextTryAt && row.GivenUpAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Tries, mail.Tries + 1).SetProperty(row => row.NextTryAt, until), cancellationToken) == 1;
    }

    private Task<int> PutOffAsync(OutgoingMail mail, string failure)
    {
        var next = time.Now() + WaitAfter(mail.Tries + 1);
        return db.OutgoingMails.Where(row => row.Id == mail.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Failure, failure).SetProperty(row => row.NextTryAt, next), CancellationToken.None);
    }

    /// <summary>Its words go now; that there was one stays for doctor.</summary>
    private async Task GiveUpAsync(OutgoingMail mail, string failure, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.OutgoingMails.Where(row => row.Id == mail.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.GivenUpAt, now).SetProperty(row => row.Failure, failure)
                .SetProperty(row => row.Recipient, (SealedText?)null).SetProperty(row => row.Subject, (SealedText?)null).SetProperty(row => row.Text, (SealedText?)null),
            cancellationToken);
        GivenUp(log, mail.Id, mail.Kind, failure);
    }

    private Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - Remembered;
        return db.OutgoingMails.Where(mail => mail.GivenUpAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    private Letter Open(OutgoingMail mail) => new(
        mail.Kind,
        mail.Recipient!.Value.Open(keyring.Vault, Guid.Empty, mail.Id, OutgoingMail.RecipientColumn),
        mail.Subject!.Value.Open(keyring.Vault, Guid.Empty, mail.Id, OutgoingMail.SubjectColumn),
        mail.Text!.Value.Open(keyring.Vault, Guid.Empty, mail.Id, OutgoingMail.TextColumn));

    [LoggerMessage(EventId = 441, Level = LogLevel.Warning, Message = "Letter {Mail} ({Kind}) was not taken and is tried again: {Failure}")]
    private static partial void NotTaken(ILogger log, Guid mail, MailKind kind, string failure);

    [LoggerMessage(EventId = 442, Level = LogLevel.Error, Message = "Letter {Mail} ({Kind}) was given up: {Failure}")]
    private static partial void GivenUp(ILogger log, Guid mail, MailKind kind, string failure);
}
