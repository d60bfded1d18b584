using System.Text;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Mail;

/// <summary>What arrives at a real mail server.</summary>
public sealed class SendingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Letter Hello(string address = "helen@example.com") => new(MailKind.Notice, address, "Grüße", "Zeile eins\n\nhttps://vault.example/reset#a.b\n");

    [Fact]
    public async Task A_notice_arrives_as_plain_text_that_nobody_answers_by_machine()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port, works: true);
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);

        await vault.TellAsync(tenant.Owner.Id, MemberNotice.PasskeyAdded, Ct);
        var letter = await sink.NextAsync(Ct);

        Assert.Equal(tenant.Owner.Email, letter.To);
        Assert.Equal("A passkey was added", letter.Message.Subject);
        Assert.Equal("vault@example.com", letter.Message.From.Mailboxes.Single().Address);
        Assert.Equal("auto-generated", letter.Message.Headers[MimeKit.HeaderId.AutoSubmitted]);
        Assert.EndsWith("@localhost", letter.Message.MessageId, StringComparison.Ordinal);
        Assert.True(letter.Message.Body!.ContentType.IsMimeType("text", "plain"));
        Assert.StartsWith($"Hello {tenant.Owner.Name},\n\nA passkey was added to your account.\n\nWhen: 22 November 2026, 09:00 UTC\n", letter.Text, StringComparison.Ordinal);
        Assert.Contains("http://localhost/forgotten", letter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_keeps_its_letters_and_its_link()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);

        Assert.True(await vault.PutAsync(Hello(), Ct));
        await vault.SendAsync(Ct);
        var letter = await sink.NextAsync(Ct);

        Assert.Equal("Grüße", letter.Message.Subject);
        Assert.Equal("Zeile eins\n\nhttps://vault.example/reset#a.b", letter.Text.TrimEnd());
        Assert.Empty(await vault.RowsAsync(Ct));
    }

    [Fact]
    public async Task What_was_rolled_back_is_sent_to_nobody()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);

        await vault.PutAsync(Hello(), Ct, commits: false);
        await vault.SendAsync(Ct);

        Assert.Empty(await vault.RowsAsync(Ct));
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task Over_starttls_the_vault_signs_in_and_sends()
    {
        using var certificate = MailSink.NewCertificate();
        await using var sink = await MailSink.StartAsync(certificate: certificate, asksPassword: true);
        await using var vault = await MailingVault.StartAsync(sink.Port, trusted: certificate, settings: [("Security", "starttls"), ("User", MailSink.User), ("Password", MailSink.Password)]);

        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);
        var letter = await sink.NextAsync(Ct);

        Assert.True(letter.IsSecure);
        Assert.Equal(MailSink.User, letter.User);
    }

    [Fact]
    public async Task The_password_may_lie_in_a_file()
    {
        using var certificate = MailSink.NewCertificate();
        await using var sink = await MailSink.StartAsync(certificate: certificate, asksPassword: true);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, MailSink.Password + "\n", Ct);
        await using var vault = await MailingVault.StartAsync(sink.Port, trusted: certificate, settings: [("Security", "starttls"), ("User", MailSink.User), ("Password_FILE", file)]);

        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);

        Assert.Equal(MailSink.User, (await sink.NextAsync(Ct)).User);
        File.Delete(file);
    }

    [Fact]
    public async Task A_server_under_a_strange_certificate_gets_no_word()
    {
        using var certificate = MailSink.NewCertificate();
        await using var sink = await MailSink.StartAsync(certificate: certificate);
        await using var vault = await MailingVault.StartAsync(sink.Port, settings: [("Security", "starttls")]);

        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);

        Assert.Equal("certificate", Assert.Single(await vault.RowsAsync(Ct)).Failure);
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task Where_starttls_is_not_offered_nothing_goes_in_clear()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port, settings: [("Security", "starttls")]);

        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);

        Assert.Equal("no-tls-or-sign-in", Assert.Single(await vault.RowsAsync(Ct)).Failure);
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_that()
    {
        using var certificate = MailSink.NewCertificate();
        await using var sink = await MailSink.StartAsync(certificate: certificate, asksPassword: true);
        await using var vault = await MailingVault.StartAsync(sink.Port, trusted: certificate, settings: [("Security", "starttls"), ("User", MailSink.User), ("Password", "another")]);

        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);

        Assert.Equal("password-refused", Assert.Single(await vault.RowsAsync(Ct)).Failure);
    }

    [Fact]
    public async Task A_waiting_letter_shows_nothing_of_itself()
    {
        await using var vault = await MailingVault.StartAsync(MailSink.FreePort());
        await vault.PutAsync(new Letter(MailKind.Notice, "xenophon@example.com", "a subject of its own", "quillfeather"), Ct);

        var row = Assert.Single(await vault.RowsAsync(Ct));

        byte[] stored = [.. row.Recipient!.Value.Bytes.Span, .. row.Subject!.Value.Bytes.Span, .. row.Text!.Value.Bytes.Span];
        Assert.All(["xenophon", "subject", "quillfeather"], word => Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word))));
    }

    [Theory]
    [InlineData("helen@example.com\r\nBcc: all@example.com", "A subject")]
    [InlineData("helen@example.com", "A subject\nBcc: all@example.com")]
    public void A_line_end_in_a_header_is_refused(string address, string subject) =>
        Assert.Throws<ArgumentException>(() => new Letter(MailKind.Notice, address, subject, "text"));

    [Theory]
    [InlineData("helen@example.com", true)]
    [InlineData("helen@example.com, all@example.com", false)]
    [InlineData("Helen <helen@example.com>", false)]
    [InlineData("<helen@example.com>", false)]
    [InlineData("helen@example.com;all@example.com", false)]
    [InlineData("helen", false)]
    public void One_address_is_one_address(string address, bool expected) => Assert.Equal(expected, Outbox.CanTake(address));

    [Theory]
    [InlineData("Helen Marsh", "Helen Marsh")]
    [InlineData("Helen\r\n\r\nYour account is blocked", "Helen    Your account is blocked")]
    [InlineData("Bank: https://evil.example/x", "Bank: https: //evil. example/x")]
    [InlineData("\u202Eelpmaxe", "elpmaxe")]
    public void A_name_stays_a_name_in_a_letter(string name, string expected) => Assert.Equal(expected, LetterPaper.OneLine(name));

    [Fact]
    public async Task Without_a_mail_server_nothing_is_put_down()
    {
        await using var vault = await MailingVault.StartAsync(25, settings: [("Host", null), ("Port", null), ("From", null)]);

        Assert.False(await vault.PutAsync(Hello(), Ct));
        Assert.Empty(await vault.RowsAsync(Ct));
    }
}
