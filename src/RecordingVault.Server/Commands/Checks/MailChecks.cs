using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Whether the mail server lets the vault in, and whether letters wait or were given up.</summary>
internal sealed class MailChecks(SmtpLine line, VaultDbContext db)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        if (!vault.Smtp.IsConfigured)
            return [Finding.Ok("mail", "none is set up (Vault__Smtp__Host): links for invitations and resets are copied from the pages.")];
        var server = $"{vault.Smtp.Host}:{vault.Smtp.PortOrUsual()}";
        return [await ConnectAsync(server, cancellationToken), .. await OutboxAsync(cancellationToken)];
    }

    public static Finding Tell(string server, MailFailure? failure) => failure?.Slug switch
    {
        null => Finding.Ok("mail", $"{server} lets the vault in."),
        "certificate" => Finding.Unsafe("mail", $"the certificate of {server} is not one that this machine believes.", "Name the server as its certificate does, or add its authority to the machine's own list (update-ca-certificates)."),
        "password-refused" => Finding.Unsafe("mail", $"{server} refuses user or password.", "Look at Vault__Smtp__User and Vault__Smtp__Password_FILE."),
        "no-tls-or-sign-in" => Finding.Unsafe("mail", $"{server} offers no STARTTLS, or no way to sign in.", "Vault__Smtp__Security is starttls (usually port 587) or tls (usually port 465): ask whoever runs the server which, and whether it takes a password."),
        _ => Finding.Unsafe("mail", $"{server} does not answer as a mail server ({failure.Slug}).", "Look at Vault__Smtp__Host, Vault__Smtp__Port and Vault__Smtp__Security, and whether the network lets the vault through. Letters wait for three days."),
    };

    private async Task<Finding> ConnectAsync(string server, CancellationToken cancellationToken)
    {
        try
        {
            await line.TryAsync(cancellationToken);
            return Tell(server, null);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested) // a server that is not ours: whatever goes wrong is the finding
        {
            return Tell(server, MailFailure.Of(fault));
        }
    }

    private async Task<IReadOnlyList<Finding>> OutboxAsync(CancellationToken cancellationToken)
    {
        try
        {
            var waiting = await db.OutgoingMails.CountAsync(mail => mail.GivenUpAt == null && mail.Tries > 0, cancellationToken);
            var lost = await db.OutgoingMails.Where(mail => mail.GivenUpAt != null).Select(mail => mail.Failure).ToListAsync(cancellationToken);
            return
            [
                .. waiting == 0 ? [] : new[] { Finding.Look("letters", $"{waiting} could not be sent yet, and are tried again.", "Look at the line about mail above.") },
                .. lost.Count == 0 ? [] : new[] { Finding.Look("letters", $"{lost.Count} were given up in the last 30 days ({string.Join(", ", lost.Distinct(StringComparer.Ordinal))}).", "Links in them were for people who wait: make new ones on the members page.") },
            ];
        }
        catch (Exception unreachable) when (unreachable is DbException or InvalidOperationException)
        {
            return []; // the lines about the database say why
        }
    }
}
