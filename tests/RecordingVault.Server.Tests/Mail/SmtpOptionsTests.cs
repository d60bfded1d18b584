using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Tests.Mail;

[Trait("Run", "Once")]
public sealed class SmtpOptionsTests
{
    private static readonly Uri Public = new("https://vault.example");

    private static SmtpOptions Right => new() { Host = "mail.example", From = "vault@example.com", User = "vault", Password = "secret" };

    [Fact]
    public void What_is_right_has_no_fault() => Assert.Empty(Right.Faults(Public));

    [Fact]
    public void Nothing_set_is_no_mail_and_no_fault() => Assert.Empty(new SmtpOptions().Faults(null));

    [Theory]
    [InlineData(SmtpSecurity.StartTls, 587)]
    [InlineData(SmtpSecurity.Tls, 465)]
    [InlineData(SmtpSecurity.None, 25)]
    public void Each_security_has_its_usual_port(object security, int port) => Assert.Equal(port, new SmtpOptions { Security = (SmtpSecurity)security }.PortOrUsual());

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void In_clear_only_to_this_machine(string host)
    {
        var options = new SmtpOptions { Host = host, Security = SmtpSecurity.None, From = "vault@example.com" };
        Assert.Empty(options.Faults(Public));
        options.Host = "mail.example";
        Assert.Contains("Vault__Smtp__Security=none", Assert.Single(options.Faults(Public)), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_fault_names_its_key()
    {
        Assert.Contains("Vault__PublicUrl", Fault(_ => { }, null), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__Host", Fault(options => options.Host = "https://mail.example"), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__Host", Fault(options => options.Host = null), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__Port", Fault(options => options.Port = 70_000), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__From", Fault(options => options.From = "vault@example.com\r\nBcc: x@example.com"), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__From", Fault(options => options.From = null), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__FromName", Fault(options => options.FromName = "two\nlines"), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__Password_FILE", Fault(options => options.Password = null), StringComparison.Ordinal);
        Assert.Contains("Vault__Smtp__Password_FILE", Fault(options => (options.Password, options.PasswordFile) = (null, "/nowhere/at/all")), StringComparison.Ordinal);
        Assert.Contains("both set", Fault(options => options.PasswordFile = "/dev/null"), StringComparison.Ordinal);
    }

    private static string Fault(Action<SmtpOptions> spoil) => Fault(spoil, Public);

    private static string Fault(Action<SmtpOptions> spoil, Uri? publicUrl)
    {
        var options = Right;
        spoil(options);
        return Assert.Single(options.Faults(publicUrl));
    }
}
