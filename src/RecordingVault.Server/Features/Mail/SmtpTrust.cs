using System.Net.Security;

namespace RecordingVault.Server.Features.Mail;

/// <summary>Which certificates of mail servers are believed: those that the machine believes. Whoever runs a server under a certificate of his own adds its authority there.</summary>
/// <param name="Check">Null for the machine's own judgement.</param>
internal sealed record SmtpTrust(RemoteCertificateValidationCallback? Check = null);
