using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Mail;

/// <summary>What stands in the letters, as their readers get them.</summary>
public sealed class LetterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_reads_of_his_account_in_German_where_he_chose_it()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            (await db.Users.SingleAsync(member => member.Id == tenant.Owner.Id, Ct)).Language = "de";
            await db.SaveChangesAsync(Ct);
        }

        await vault.TellAsync(tenant.Owner.Id, MemberNotice.PasswordChanged, Ct);
        await vault.SendAsync(Ct);
        var letter = await sink.NextAsync(Ct);

        Assert.Equal("Ihr Passwort wurde geändert", letter.Message.Subject);
        Assert.StartsWith($"Guten Tag, {tenant.Owner.Name},\n\nDas Passwort Ihres Kontos wurde geändert. Alle anderen Sitzungen sind beendet.\n\nWann: 22. November 2026, 09:00 UTC\n", letter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_arrives_in_both_languages_with_a_link_that_nobody_else_is_shown()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct, "Marsh & Söhne\r\nwww.evil.example");
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        using var made = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/members/invitations", new { email = "ben@example.com", role = "Viewer" }, Ct);
        await vault.SendAsync(Ct);
        var letter = await sink.NextAsync(Ct);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var answer = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Ct));
        Assert.True(answer.RootElement.GetProperty("mailed").GetBoolean());
        Assert.Equal("ben@example.com", letter.To);
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("url").ValueKind);
        Assert.Contains("\nhttp://localhost/join#", letter.Text, StringComparison.Ordinal);
        Assert.Contains($"{tenant.Owner.Name} invites you to Marsh & Söhne  www. evil. example.", letter.Text, StringComparison.Ordinal);
        Assert.Contains($"{tenant.Owner.Name} lädt Sie zu Marsh & Söhne  www. evil. example ein.", letter.Text, StringComparison.Ordinal);
        Assert.Contains("Ihre Rolle dort: Betrachter (Viewer)", letter.Text, StringComparison.Ordinal);
    }
}
