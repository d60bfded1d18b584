using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RecordingVault.Server.Platform.Configuration;

internal enum SmtpSecurity
{
    /// <summary>In clear, to this machine only.</summary>
    None,

    /// <summary>In clear until the server has agreed to TLS, and not on without it.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,
}

/// <summary>The mail server that takes the vault's letters. Without a host the vault sends none.</summary>
internal sealed class SmtpOptions
{
    public string? Host { get; set; }

    /// <summary>587 with starttls, 465 with tls, 25 with none, unless said otherwise.</summary>
    public int? Port { get; set; }
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;
    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>A file that holds the password, in place of <see cref="Password"/>.</summary>
    [ConfigurationKeyName("Password_FILE")]
    public string? PasswordFile { get; set; }

    /// <summary>The address that letters come from.</summary>
    public string? From { get; set; }
    public string FromName { get; set; } = "RecordingVault";

    public bool IsConfigured => Host is { Length: > 0 };

    /// <summary>A method, like all that chooses by other settings: the validation of the settings reads every property.</summary>
    public int PortOrUsual() => Port ?? Security switch { SmtpSecurity.Tls => 465, SmtpSecurity.None => 25, _ => 587 };

    public string? Secret() => PasswordFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : Password;

    /// <summary>What is wrong with them, each with its key and cure.</summary>
    public IEnumerable<string> Faults(Uri? publicUrl)
    {
        if (!IsConfigured)
        {
            if (User is not null || Password is not null || PasswordFile is not null || From is not null || Port is not null)
                yield return "Vault__Smtp__Host names the mail server. Set it, or take the other Vault__Smtp__ settings out: without it the vault sends no mail.";
            yield break;
        }

        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return "Vault__Smtp__Host is the mail server's name or address, such as mail.example; its port stands in Vault__Smtp__Port.";
        if (Port is < 1 or > 65_535)
            yield return "Vault__Smtp__Port is between 1 and 65535; usual are 587 with starttls and 465 with tls.";
        if (Security == SmtpSecurity.None && !IsLoopback(Host!))
            yield return "Vault__Smtp__Security=none sends letters and password in clear, and is for a mail server on this machine only (localhost). Use starttls or tls.";
        if (publicUrl is null)
            yield return "Vault__PublicUrl is needed to send mail: the links in letters are made of it. Set it, or take Vault__Smtp__Host out.";
        foreach (var fault in SenderFaults().Concat(PasswordFaults()))
            yield return fault;
    }

    private IEnumerable<string> SenderFaults()
    {
        if (From is not { Length: > 0 and <= 254 } || !new EmailAddressAttribute().IsValid(From) || From.Any(letter => !char.IsAscii(letter) || letter is <= ' ' or '<' or '>' or ',' or ';' or '"'))
            yield return "Vault__Smtp__From is the address that letters come from, such as vault@example.com.";
        if (FromName.Length > 100 || FromName.Any(char.IsControl))
            yield return "Vault__Smtp__FromName is a name of at most 100 characters on one line.";
    }

    private IEnumerable<string> PasswordFaults()
    {
        var (has, hasFile) = (Password is { Length: > 0 }, PasswordFile is { Length: > 0 });
        if (has && hasFile)
            yield return "Vault__Smtp__Password and Vault__Smtp__Password_FILE are both set. Keep one of the two.";
        else if (User is { Length: > 0 } != (has || hasFile))
            yield return "Vault__Smtp__User and Vault__Smtp__Password_FILE (or Vault__Smtp__Password) belong together: set both or none.";
        if (hasFile && !File.Exists(PasswordFile))
            yield return $"Vault__Smtp__Password_FILE: there is no file {PasswordFile}.";
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
