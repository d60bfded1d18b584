using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Consent.Wording;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>An organisation's own words for asking: versions that are added and never changed.</summary>
public sealed class ConsentTextTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const string Path = "/api/v1/tenant/consent-texts";
    private const string Page = "/settings/organisation/consent/words";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_added_and_read_again_and_the_log_keeps_it()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var admin = await tenant.ClientAsync(Role.Admin, Ct);

        using var first = await admin.PostAsJsonAsync(Path, new { language = "DE-at", title = " Hallo {person} ", text = "Am {date}.\r\n\r\nBis {until}.", uses = new Dictionary<string, string> { ["keep"] = "Bei {organisation}." } }, Ct);
        using var second = await admin.PostAsJsonAsync(Path, new { language = "en", title = "Hello", text = "{recording}" }, Ct);
        var made = await first.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var viewer = await tenant.ClientAsync(Role.Viewer, Ct);
        var read = await viewer.GetFromJsonAsync<JsonElement>($"{Path}/own-1", Ct);
        var listed = (await viewer.GetFromJsonAsync<JsonElement>(Path, Ct)).GetProperty("items").EnumerateArray().Select(text => $"{text.GetProperty("version")} {text.GetProperty("language")}").ToList();
        var vaults = await viewer.GetFromJsonAsync<JsonElement>($"{Path}/vault-1?language=de", Ct);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, $"{Path}/own-1"), (first.StatusCode, second.StatusCode, first.Headers.Location!.OriginalString));
        Assert.Equal(("own-1", "de-AT", "Hallo {person}", "Am {date}.\n\nBis {until}.", "Bei {organisation}."), (made.GetProperty("version").GetString(), made.GetProperty("language").GetString(), made.GetProperty("title").GetString(), made.GetProperty("text").GetString(), made.GetProperty("uses").GetProperty("keep").GetString()));
        Assert.Equal(made.GetRawText(), read.GetRawText());
        Assert.Equal(["own-2 en", "own-1 de-AT"], listed);
        Assert.Contains("{person}", vaults.GetProperty("title").GetString(), StringComparison.Ordinal);
        var told = (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "consent-text.written").Select(line => line.GetProperty("details")).ToList();
        Assert.Equal(["own-2 en own", "own-1 de-AT own"], told.Select(line => $"{line.GetProperty("version")} {line.GetProperty("language")} {line.GetProperty("words")}"));
    }

    [Theory]
    [InlineData("no tongue", "A", "B", null, "language")]
    [InlineData("en", "", "B", null, "title")]
    [InlineData("en", "A\nB", "B", null, "title")]
    [InlineData("en", "A {name}", "B", null, "title")]
    [InlineData("en", "A", null, null, "text")]
    [InlineData("en", "A", "an { open brace", null, "text")]
    [InlineData("en", "A", "{Person}", null, "text")]
    [InlineData("en", "A", "{{person}}", null, "text")]
    [InlineData("en", "A", "B", "legal", "uses")]
    [InlineData("en", "A", "B", "keep", "uses.keep")]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_written(string language, string? title, string? text, string? use, string field)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var refused = await owner.PostAsJsonAsync(Path, new { language, title, text, uses = use is null ? null : new Dictionary<string, string> { [use] = "{nothing}" } }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(field, (await refused.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Empty((await owner.GetFromJsonAsync<JsonElement>(Path, Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_contributor_reads_and_writes_none_and_another_organisation_finds_nothing()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(Path, new { language = "en", title = "A", text = "B" }, Ct)).EnsureSuccessStatusCode().Dispose();
        var contributor = await tenant.ClientAsync(Role.Contributor, Ct);
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);

        using var written = await contributor.PostAsJsonAsync(Path, new { language = "en", title = "C", text = "D" }, Ct);
        using var read = await contributor.GetAsync($"{Path}/own-1", Ct);
        using var theirs = await stranger.GetAsync($"{Path}/own-1", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.NotFound), (written.StatusCode, read.StatusCode, theirs.StatusCode));
        Assert.Empty((await stranger.GetFromJsonAsync<JsonElement>(Path, Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_or_delete_a_version()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(Path, new { language = "en", title = "A", text = "B" }, Ct)).EnsureSuccessStatusCode().Dispose();

        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("UPDATE consent_texts SET language = 'xx'", Ct));
        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("DELETE FROM consent_texts", Ct));
    }

    [Fact]
    public async Task On_the_page_it_is_looked_at_before_it_is_written_and_nothing_in_it_becomes_markup()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Admin);
        (string, string)[] words = [("language", "en"), ("title", "Dear {person} <b>"), ("text", "First.\n\nSecond <img src=x>."), ("use-keep", "With {organisation}.")];

        using var looked = await browser.PostFormAsync(Page, [.. words, ("look", "yes")], Ct);
        var look = await looked.Content.ReadAsStringAsync(Ct);
        using var none = await browser.GetAsync($"{Page}?version=own-1", Ct);
        using var written = await browser.PostFormAsync(Page, words, Ct);
        var shown = await (await browser.GetAsync(written.Headers.Location!.OriginalString, Ct)).Content.ReadAsStringAsync(Ct);
        using var back = await browser.PostFormAsync(Page, [("language", "en"), ("back", "yes")], Ct);
        var after = await (await browser.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, $"{Page}?version=own-1"), (looked.StatusCode, none.StatusCode, written.Headers.Location.OriginalString));
        Assert.All([look, shown], page =>
        {
            Assert.Contains("Dear Anna Lindqvist &lt;b&gt;", page, StringComparison.Ordinal);
            Assert.Contains("Second &lt;img src=x&gt;.", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x>", page, StringComparison.Ordinal);
            Assert.Contains(tenant.Name, page, StringComparison.Ordinal);
        });
        Assert.Equal(Page, back.Headers.Location?.OriginalString);
        Assert.Contains("own-2: the vault’s own words again", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_at_its_field_what_is_wrong_and_a_viewer_sees_no_form()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var owner = await SignInAsync(tenant, Role.Owner);
        using var viewer = await SignInAsync(tenant, Role.Viewer);

        using var wrong = await owner.PostFormAsync(Page, [("language", "en"), ("title", "A"), ("text", "B"), ("use-keep", "{nobody}")], Ct);
        var page = await wrong.Content.ReadAsStringAsync(Ct);
        var seen = await (await viewer.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct);
        using var refused = await viewer.PostFormAsync(Page, [("language", "en"), ("title", "A"), ("text", "B")], Ct);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("id=\"use-keep-error\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ask with these words", seen, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("de-AT, de;q=0.9", "own-3 de-AT")]
    [InlineData("de", "own-3 de-AT")]
    [InlineData("fr-CH, en;q=0.5", "own-2 fr")]
    [InlineData("it, de;q=0.2, en;q=0.1", "own-3 de-AT")]
    [InlineData("en-GB", "vault-1 en")]
    [InlineData("it", "vault-1 en")]
    [InlineData("", "vault-1 en")]
    [InlineData("fr;q=0, en", "vault-1 en")]
    public async Task People_read_the_newest_words_of_the_language_that_they_wish_most(string wishes, string expected)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        foreach (var (language, title) in new[] { ("de-AT", "alt"), ("fr", "oui"), ("de-AT", "neu"), ("en", "short-lived") })
            (await owner.PostAsJsonAsync(Path, new { language, title, text = "B" }, Ct)).EnsureSuccessStatusCode().Dispose();
        (await owner.PostAsJsonAsync(Path, new { language = "en" }, Ct)).EnsureSuccessStatusCode().Dispose();
        await using var scope = tenant.Enter();

        var chosen = await scope.ServiceProvider.GetRequiredService<ConsentTexts>().ChooseAsync(wishes, Ct);

        Assert.Equal(expected, $"{chosen.Version} {chosen.Language}");
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }
}
