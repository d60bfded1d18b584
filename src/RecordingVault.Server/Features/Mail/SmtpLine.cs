using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Mail;

/// <summary>The line to the mail server.</summary>
internal sealed class SmtpLine(IOptions<VaultOptions> options, SmtpTrust trust, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    /// <summary>Hands over one letter. It returns when the server has taken it.</summary>
    /// <param name="id">The row's: a letter that is sent twice has the same Message-ID twice, and readers' programs show it once.</param>
    /// <exception cref="Exception">Anything that MailKit or the network throws; <see cref="MailFailure.Of"/> tells which.</exception>
    public async Task SendAsync(Guid id, Letter letter, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var message = Message(id, letter);
        using var client = await ConnectAsync(limit.Token);
        await client.SendAsync(message, limit.Token);
        // Taken is taken: how the parting goes changes nothing.
        await client.DisconnectAsync(quit: false, CancellationToken.None);
    }

    /// <summary>Connects, proves who it is where there is a password, and parts again: what doctor asks.</summary>
    public async Task TryAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var client = await ConnectAsync(limit.Token);
        await client.NoOpAsync(limit.Token);
        await client.DisconnectAsync(quit: true, limit.Token);
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var smtp = options.Value.Smtp;
        var client = new SmtpClient
        {
            Timeout = (int)AnswerLimit.TotalMilliseconds,
            // Asking a certificate's issuer would be a call to somebody whom nobody named (P10).
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = trust.Check,
            // The machine's own name is nobody's business.
            LocalDomain = Domain(),
        };
        try
        {
            await client.ConnectAsync(smtp.Host!, smtp.PortOrUsual(), Socket(smtp.Security), cancellationToken);
            if (smtp.User is { Length: > 0 } user)
                await client.AuthenticateAsync(user, smtp.Secret()!, cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private MimeMessage Message(Guid id, Letter letter)
    {
        var smtp = options.Value.Smtp;
        var message = new MimeMessage
        {
            MessageId = $"{id:N}@{Domain()}",
            Date = time.Now(),
            Subject = letter.Subject,
            Body = new TextPart("plain") { Text = letter.Text },
        };
        message.From.Add(new MailboxAddress(smtp.FromName, smtp.From!));
        message.To.Add(new MailboxAddress("", letter.Address));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private string Domain() => options.Value.PublicUrl?.IdnHost ?? "localhost";

    // Never "when available": a line in between could take the offer out of the server's answer.
    private static SecureSocketOptions Socket(SmtpSecurity security) => security switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}
