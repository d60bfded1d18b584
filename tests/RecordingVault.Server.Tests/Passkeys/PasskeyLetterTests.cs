using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>Whoever gets or loses a passkey hears of it by mail (security.md 9).</summary>
public sealed class PasskeyLetterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_added_and_a_removed_passkey_are_told_by_letter_and_one_that_was_refused_is_not()
    {
        await using var sink = await MailSink.StartAsync();
        await using var mailing = await MailingVault.StartAsync(sink.Port);
        var tenant = await TestTenant.CreateAsync(mailing.Vault, Ct);
        using var browser = new PasskeyBrowser(mailing.Vault) { Authenticator = new TestAuthenticator { Origin = "http://localhost" } };
        await browser.Browser.SignInAsync(tenant.Owner, Ct);

        Assert.False((await browser.AddAsync(Ct, new string('a', 1_000))).IsSuccessStatusCode);
        Assert.Empty(await mailing.RowsAsync(Ct));
        (await browser.AddAsync(Ct)).EnsureSuccessStatusCode();
        await mailing.SendAsync(Ct);
        var added = await sink.NextAsync(Ct);
        Assert.Equal((tenant.Owner.Email, "A passkey was added"), (added.To, added.Message.Subject));
        // The name of a device is the member's own word and stays sealed.
        Assert.DoesNotContain("Helen's phone", added.Text, StringComparison.Ordinal);

        var page = await (await browser.Browser.GetAsync("/settings/security", Ct)).Content.ReadAsStringAsync(Ct);
        var at = page.IndexOf(PasskeyBrowser.Own + "/", StringComparison.Ordinal) + PasskeyBrowser.Own.Length + 1;
        await browser.Browser.PostFormAsync($"{PasskeyBrowser.Own}/{page[at..(at + 36)]}/remove", [], Ct, page: "/settings/security");
        await mailing.SendAsync(Ct);
        var removed = await sink.NextAsync(Ct);

        Assert.Equal((tenant.Owner.Email, "A passkey was removed"), (removed.To, removed.Message.Subject));
        Assert.Equal(0, sink.Waiting);
    }
}
