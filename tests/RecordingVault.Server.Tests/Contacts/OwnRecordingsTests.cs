using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Contacts.Own;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Mail;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>Somebody without an account asks by mail in which recordings he is, sees them, and takes back.</summary>
public sealed partial class OwnRecordingsTests : IAsyncLifetime
{
    private MailSink sink = null!;
    private MailingVault vault = null!;
    private Known known = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Ask => $"/t/{known.Tenant.Id}/recorded";

    public async ValueTask InitializeAsync()
    {
        sink = await MailSink.StartAsync();
        vault = await MailingVault.StartAsync(sink.Port);
        known = await Known.MakeAsync(vault.Vault, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await vault.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_is_known_is_written_to_sees_where_he_is_and_takes_back()
    {
        var (recording, ben) = await known.NameAsync("Ben Okafor", "ben@example.com", Ct, "Kick-off");
        var (_, other) = await known.NameAsync("B. O.", null, Ct, "About Anna");
        var (_, lone) = await known.NameAsync("Benny", "BEN@example.com", Ct, "Later");
        await known.NameAsync("Zoë", "zoe@example.com", Ct, "Of somebody else");
        await known.JoinAsync(Ct, ben, other);
        await SayAsync(recording, ben, "share-external");
        await AskedAsync(recording, ben);

        using var browser = await OpenedAsync(await LinkAsync(" Ben@Example.com "));
        var page = await browser.ReadOwnAsync(Ct);

        Assert.Contains($"Ben Okafor, {known.Tenant.Name} has recordings in which you are named: 3.", page, StringComparison.Ordinal);
        Assert.Contains("Kick-off", page, StringComparison.Ordinal);
        Assert.DoesNotContain("About Anna", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Later", page, StringComparison.Ordinal);
        Assert.Contains($"Recorded by {known.Tenant.Owner.Name}", page, StringComparison.Ordinal);
        Assert.NotEqual(ben, lone);

        using var back = await browser.Browser.PostFormAsync(browser.Path + "/take-back", [("participant", $"{ben}"), ("use", "share-external"), ("use", "keep")], Ct, page: browser.Path);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Contains("You took back: 1.", await back.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var said = (await (await known.Tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}/participants", Ct)).GetProperty("items")[0].GetProperty("consents");
        Assert.Equal(("withdrawn", "requested"), (said.GetProperty("share-external").GetString(), said.GetProperty("keep").GetString()));
        var types = await known.Tenant.EventTypesAsync(Ct);
        Assert.Contains("contact.link-mailed", types);
        Assert.Contains("contact.link-opened", types);
        Assert.Contains("contact.took-back", types);
    }

    [Fact]
    public async Task Nobody_elses_answer_is_taken_back()
    {
        var (_, ben) = await known.NameAsync("Ben", "ben@example.com", Ct);
        var (recording, zoe) = await known.NameAsync("Zoë", "zoe@example.com", Ct);
        await SayAsync(recording, zoe, "keep");
        Assert.NotEqual(ben, zoe);

        using var browser = await OpenedAsync(await LinkAsync("ben@example.com"));
        using var back = await browser.Browser.PostFormAsync(browser.Path + "/take-back", [("participant", $"{zoe}"), ("use", "keep")], Ct, page: browser.Path);

        Assert.Equal(HttpStatusCode.NotFound, back.StatusCode);
        Assert.DoesNotContain("contact.took-back", await known.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_member_of_another_organisation_opens_his_link_as_anybody_does()
    {
        await known.NameAsync("Ben", "ben@example.com", Ct, "Kick-off");
        var link = await LinkAsync("ben@example.com");
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync((await TestTenant.CreateAsync(vault.Vault, Ct)).Owner, Ct);
        var path = $"/o/{link.Id}";

        using var opened = await browser.SendJsonAsync(HttpMethod.Post, path + "/open", new { secret = link.Secret }, Ct, page: path);
        using var page = await browser.GetAsync(path, Ct);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (opened.StatusCode, page.StatusCode));
        Assert.Contains("in which you are named: 1.", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_opened_one_tenants_link_gets_nothing_of_anothers()
    {
        await known.NameAsync("Ben", "ben@example.com", Ct, "Kick-off");
        using var browser = await OpenedAsync(await LinkAsync("ben@example.com"));
        var other = await Known.MakeAsync(vault.Vault, Ct);
        var (recording, theirs) = await other.NameAsync("Ben", "ben@example.com", Ct);
        var path = $"/o/{await PlantedOwnLink.AddAsync(other.Tenant, Ct)}";

        var page = await (await browser.Browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct);
        using var opened = await browser.Browser.SendJsonAsync(HttpMethod.Post, path + "/open", new { secret = new string('A', 43) }, Ct, page: path);
        using var back = await browser.Browser.PostFormAsync(path + "/take-back", [("participant", $"{theirs}"), ("use", "keep")], Ct, page: path);
        using var aside = await browser.Browser.PostFormAsync(browser.Path + "/take-back", [("participant", $"{theirs}"), ("use", "keep")], Ct, page: browser.Path);

        Assert.NotEqual(Guid.Empty, recording);
        Assert.Contains("Press Open to see them.", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (opened.StatusCode, back.StatusCode, aside.StatusCode));
        Assert.Contains("in which you are named: 1.", await browser.ReadOwnAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_mail_the_page_says_whom_to_ask()
    {
        var quiet = await TestVault.StartAsync();
        await using (quiet)
        {
            var tenant = await TestTenant.CreateAsync(quiet, Ct);
            using var browser = new TestBrowser(quiet);
            var page = await (await browser.GetAsync($"/t/{tenant.Id}/recorded", Ct)).Content.ReadAsStringAsync(Ct);
            Assert.Contains("Ask whoever recorded you, or any member of", page, StringComparison.Ordinal);
            Assert.DoesNotContain("id=\"email\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_address_gets_the_same_answer_and_no_letter_and_another_tenants_too()
    {
        var other = await Known.MakeAsync(vault.Vault, Ct);
        await other.NameAsync("Ben", "ben@example.com", Ct);
        await known.NameAsync("Zoë", "zoe@example.com", Ct);

        var unknown = await AnswerAsync("ben@example.com");
        var same = await AnswerAsync("zoe@example.com");
        await vault.Vault.Services.GetRequiredService<OwnAsks>().StopAsync(Ct);
        await vault.SendAsync(Ct);

        Assert.Equal(unknown, same);
        Assert.Equal("zoe@example.com", (await sink.NextAsync(Ct)).To);
        Assert.Equal(0, sink.Waiting);
        Assert.Contains("Look at your mail.", unknown, StringComparison.Ordinal);
        await using var scope = known.Tenant.Enter();
        Assert.False(await scope.ServiceProvider.GetRequiredService<OwnMailing>().MailAsync("ben@example.com", Actor.System, Ct));
        Assert.DoesNotContain("contact.link-mailed", await other.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_is_no_address_is_said_and_who_asks_often_waits()
    {
        using var browser = new TestBrowser(vault.Vault);
        using var wrong = await browser.PostFormAsync(Ask, [("email", "nothing")], Ct);
        HttpStatusCode last = default;
        for (var count = 0; count < 6; count++)
        {
            using var answer = await browser.PostFormAsync(Ask, [("email", "ben@example.com")], Ct);
            last = answer.StatusCode;
        }

        using var nowhere = await browser.GetAsync($"/t/{Guid.NewGuid()}/recorded", Ct);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }

    [Fact]
    public async Task One_mailbox_gets_two_letters_an_hour_however_its_address_is_written()
    {
        await known.NameAsync("Ben", "ben@example.com", Ct);
        await using var scope = known.Tenant.Enter();
        var mailing = scope.ServiceProvider.GetRequiredService<OwnMailing>();

        var first = (await mailing.MailAsync("ben@example.com", Actor.System, Ct), await mailing.MailAsync("Ben@Example.com", Actor.System, Ct), await mailing.MailAsync("BEN@example.com", Actor.System, Ct));
        vault.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((true, true, false), first);
        Assert.True(await mailing.MailAsync("ben@example.com", Actor.System, Ct));
    }

    [Fact]
    public async Task The_link_ends_after_a_day_opens_by_its_secret_alone_and_is_swept()
    {
        await known.NameAsync("Ben", "ben@example.com", Ct);
        var link = await LinkAsync("ben@example.com");
        using var browser = new TestBrowser(vault.Vault);
        var path = $"/o/{link.Id}";
        using var guessed = await browser.SendJsonAsync(HttpMethod.Post, path + "/open", new { secret = new string('A', 43) }, Ct, page: path);
        using var closed = await browser.PostFormAsync(path + "/take-back", [("participant", $"{Guid.NewGuid()}")], Ct, page: path);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (guessed.StatusCode, closed.StatusCode));
        Assert.Contains("Press Open to see them.", await (await browser.GetAsync(path, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        vault.Clock.Advance(TimeSpan.FromDays(1));
        using var over = await browser.SendJsonAsync(HttpMethod.Post, path + "/open", new { secret = link.Secret }, Ct, page: path);
        Assert.Equal("link-ended", await SharedLink.SlugAsync(over, Ct));

        vault.Clock.Advance(TimeSpan.FromDays(1));
        await using var scope = known.Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<ContactKeySweep>().RunAsync(Ct);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        Assert.False(await db.OwnRecordingsLinks.AnyAsync(row => row.Id == link.Id, Ct) || await db.Locators.AnyAsync(row => row.Id == link.Id, Ct));
    }

    private sealed record OwnBrowser(TestBrowser Browser, string Path) : IDisposable
    {
        public async Task<string> ReadOwnAsync(CancellationToken cancellationToken) => WebUtility.HtmlDecode(await (await Browser.GetAsync(Path, cancellationToken)).Content.ReadAsStringAsync(cancellationToken));

        public void Dispose() => Browser.Dispose();
    }

    private async Task<OwnBrowser> OpenedAsync((Guid Id, string Secret) link)
    {
        var browser = new OwnBrowser(new TestBrowser(vault.Vault), $"/o/{link.Id}");
        using var opened = await browser.Browser.SendJsonAsync(HttpMethod.Post, browser.Path + "/open", new { secret = link.Secret }, Ct, page: browser.Path);
        Assert.Equal(HttpStatusCode.NoContent, opened.StatusCode);
        return browser;
    }

    /// <summary>The page that the form answers with, without what is made anew for each page.</summary>
    private async Task<string> AnswerAsync(string email)
    {
        using var browser = new TestBrowser(vault.Vault);
        using var answer = await browser.PostFormAsync(Ask, [("email", email)], Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Regex.Match(await answer.Content.ReadAsStringAsync(Ct), "<main.*</main>", RegexOptions.Singleline).Value;
    }

    /// <summary>Asks, waits for the letter, and takes the link out of it.</summary>
    private async Task<(Guid Id, string Secret)> LinkAsync(string email)
    {
        await AnswerAsync(email);
        for (var waited = 0; waited < 200 && (await vault.RowsAsync(Ct)).Count == 0; waited++)
            await Task.Delay(50, Ct);
        await vault.SendAsync(Ct);
        var letter = await sink.NextAsync(Ct);
        Assert.Equal("ben@example.com", letter.To);
        var link = Link().Match(letter.Text);
        return (Guid.Parse(link.Groups["id"].Value), link.Groups["secret"].Value);
    }

    private async Task SayAsync(Guid recording, Guid person, string purpose)
    {
        using var said = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{recording}/consents", new { participant = person, purpose, status = "given", method = "mail" }, Ct);
        said.EnsureSuccessStatusCode();
    }

    private async Task AskedAsync(Guid recording, Guid person)
    {
        using var asked = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{recording}/consent-requests", new { participants = new[] { person }, byHand = true }, Ct);
        asked.EnsureSuccessStatusCode();
    }

    [GeneratedRegex("http://localhost/o/(?<id>[0-9a-f-]{36})#(?<secret>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
