using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Asking;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>Questions and receipts by letter.</summary>
public sealed partial class RemindTests : IAsyncLifetime
{
    private MailSink sink = null!;
    private MailingVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sink = await MailSink.StartAsync();
        vault = await MailingVault.StartAsync(sink.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task A_letter_carries_the_link_nobody_else_is_shown_it_and_who_comes_by_it_reads_that_mail()
    {
        var (recording, ben) = await PutAsync();
        using var answer = await AskAsync(recording, ben);
        var item = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("items")[0];
        var (id, secret) = await LinkAsync();

        Assert.True(item.GetProperty("mailed").GetBoolean());
        Assert.DoesNotContain('#', item.GetProperty("url").GetString()!);
        using var browser = await Asked.OpenedAsync(vault.Vault, id, secret, Ct);
        using var thanks = await Asked.AnswerAsync(browser, id, Ct, "keep");
        Assert.Contains("We also send it to you by e-mail.", await thanks.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var receipt = await LinkAsync();
        (await Asked.OpenedAsync(vault.Vault, receipt.Id, receipt.Secret, Ct)).Dispose();
        Assert.Contains("reads the mail of the address that was asked", await (await browser.GetAsync($"/c/{id}/receipt", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_hand_no_letter_goes_and_nobody_is_reminded()
    {
        var (recording, ben) = await PutAsync();

        using var answer = await AskAsync(recording, ben, byHand: true);
        vault.Clock.Advance(TimeSpan.FromDays(8));
        await RemindAsync();
        await vault.SendAsync(Ct);

        Assert.Contains('#', (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("items")[0].GetProperty("url").GetString()!);
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task Who_has_not_answered_in_half_of_his_time_is_asked_once_more_and_both_links_open()
    {
        var (recording, ben) = await PutAsync();
        (await AskAsync(recording, ben)).Dispose();
        var first = await LinkAsync();

        await RemindAsync();
        vault.Clock.Advance(TimeSpan.FromDays(7));
        await RemindAsync();
        await RemindAsync();
        var second = await LinkAsync(isAgain: true);
        await vault.SendAsync(Ct);

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal(0, sink.Waiting);
        (await Asked.OpenedAsync(vault.Vault, first.Id, first.Secret, Ct)).Dispose();
        (await Asked.OpenedAsync(vault.Vault, second.Id, second.Secret, Ct)).Dispose();
        Assert.Contains("consent.reminded", await recording.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Who_has_answered_is_not_reminded()
    {
        var (recording, ben) = await PutAsync();
        (await AskAsync(recording, ben)).Dispose();
        var (id, secret) = await LinkAsync();
        using (var browser = await Asked.OpenedAsync(vault.Vault, id, secret, Ct))
            (await Asked.AnswerAsync(browser, id, Ct, "keep")).Dispose();
        await LinkAsync();

        vault.Clock.Advance(TimeSpan.FromDays(8));
        await RemindAsync();
        await vault.SendAsync(Ct);

        Assert.Equal(0, sink.Waiting);
    }

    private sealed record Named(Guid Id, TestTenant Tenant);

    private async Task<(Named Recording, Guid Ben)> PutAsync()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Review", participants = new[] { new { name = "Ben Okafor", email = "ben@example.com" } } }, Ct);
        var recording = await made.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (new Named(recording.GetProperty("id").GetGuid(), tenant), recording.GetProperty("participants")[0].GetProperty("id").GetGuid());
    }

    private static async Task<HttpResponseMessage> AskAsync(Named recording, Guid ben, bool byHand = false)
    {
        var answer = await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{recording.Id}/consent-requests", new { participants = new[] { ben }, byHand }, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer;
    }

    private async Task RemindAsync()
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SystemJobRunner<RemindJob>>().RunAsync(Ct);
    }

    /// <summary>Sends what waits, and takes the link out of the next letter.</summary>
    private async Task<(Guid Id, string Secret)> LinkAsync(bool isAgain = false)
    {
        await vault.SendAsync(Ct);
        var letter = await sink.NextAsync(Ct);
        Assert.Equal("ben@example.com", letter.To);
        Assert.Equal(isAgain, letter.Text.Contains("so we ask once more", StringComparison.Ordinal));
        var link = Link().Match(letter.Text);
        return (Guid.Parse(link.Groups["id"].Value), link.Groups["secret"].Value);
    }

    [GeneratedRegex("http://localhost/c/(?<id>[0-9a-f-]{36})#(?<secret>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
