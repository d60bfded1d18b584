using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace RecordingVault.Server.Features.Mail;

/// <summary>Why a letter was not taken, as a slug of ours: a server's own words may hold addresses.</summary>
/// <param name="IsOfLetter">This letter was refused; others may go.</param>
/// <param name="IsFinal">The server will never take it.</param>
internal sealed record MailFailure(string Slug, bool IsOfLetter = false, bool IsFinal = false)
{
    public static MailFailure Of(Exception fault) => fault switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused => new("recipient-refused", IsOfLetter: true, IsFinal: (int)refused.StatusCode >= 500),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } => new("sender-refused"),
        SmtpCommandException => new("letter-refused", IsOfLetter: true),
        SslHandshakeException or System.Security.Authentication.AuthenticationException => new("certificate"),
        AuthenticationException => new("password-refused"),
        NotSupportedException => new("no-tls-or-sign-in"),
        ServiceNotConnectedException or SmtpProtocolException => new("line-lost"),
        TimeoutException or OperationCanceledException => new("too-slow"),
        SocketException or IOException => new("unreachable"),
        FormatException => new("letter-unsendable", IsOfLetter: true, IsFinal: true),
        _ => new("failed", IsOfLetter: true),
    };
}
