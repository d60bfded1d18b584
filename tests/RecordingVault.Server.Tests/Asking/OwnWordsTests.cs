using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>People who are asked in an organisation's own words: what they answer is what they read.</summary>
public sealed class OwnWordsTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task He_reads_them_and_record_and_receipt_name_them()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        await WriteAsync(asked, "en", "{person}, a word <b>about</b> {recording}", "Dear {person}.\n\nYours, {organisation}.", "Kept by {organisation} alone.");
        using var browser = await asked.OpenedAsync(Ct);

        var page = await (await browser.GetAsync(asked.Path, Ct)).Content.ReadAsStringAsync(Ct);
        using var answer = await AnswerAsync(browser, asked, "own-1", "en", "keep");
        var document = await DocumentAsync(browser, asked);

        Assert.Contains("Ben Okafor, a word &lt;b&gt;about&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<p lang=\"en\">Dear Ben Okafor.</p>", page, StringComparison.Ordinal);
        Assert.Contains($"Kept by {asked.Tenant.Name} alone.", page, StringComparison.Ordinal);
        Assert.Contains("name=\"text\" value=\"own-1\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All((await RecordsAsync(asked)).Where(record => record.GetProperty("status").GetString() != "requested"), record => Assert.Equal(("own-1", "en"), (record.GetProperty("textVersion").GetString(), record.GetProperty("language").GetString())));
        var notice = document.GetProperty("dpv:hasNotice");
        Assert.Equal(("own-1", "en", $"Dear Ben Okafor.\n\nYours, {asked.Tenant.Name}."), (notice.GetProperty("dct:identifier").GetString(), notice.GetProperty("dct:language").GetString(), notice.GetProperty("dct:description").GetString()));
    }

    [Fact]
    public async Task A_yes_to_words_that_were_changed_meanwhile_is_asked_for_anew()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        await WriteAsync(asked, "en", "The first", "B", null);
        using var browser = await asked.OpenedAsync(Ct);
        await WriteAsync(asked, "en", "The second", "C", null);

        using var refused = await AnswerAsync(browser, asked, "own-1", "en", "keep");
        var again = await refused.Content.ReadAsStringAsync(Ct);
        var before = await asked.CountsAsync(Ct);
        using var taken = await AnswerAsync(browser, asked, "own-2", "en", "keep");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
        Assert.Contains("The second", again, StringComparison.Ordinal);
        Assert.Contains("were changed after you had opened it", again, StringComparison.Ordinal);
        Assert.Contains("value=\"own-2\"", again, StringComparison.Ordinal);
        Assert.Equal(("requested", "given"), (before["keep"], (await asked.CountsAsync(Ct))["keep"]));
    }

    [Fact]
    public async Task Taking_back_waits_for_no_words_and_names_those_that_he_read()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        using var browser = await asked.OpenedAsync(Ct);
        (await AnswerAsync(browser, asked, "vault-1", "en", "keep", "view-internal")).EnsureSuccessStatusCode().Dispose();
        await WriteAsync(asked, "en", "New", "B", null);

        using var one = await AnswerAsync(browser, asked, "vault-1", "en", "view-internal");
        using var back = await AnswerAsync(browser, asked, "vault-1", "en");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (one.StatusCode, back.StatusCode));
        var withdrawn = (await RecordsAsync(asked)).Where(record => record.GetProperty("status").GetString() == "withdrawn").ToList();
        Assert.Equal(2, withdrawn.Count);
        Assert.All(withdrawn, record => Assert.Equal("vault-1", record.GetProperty("textVersion").GetString()));
    }

    [Fact]
    public async Task Without_words_of_the_own_in_his_language_he_reads_the_vaults()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        await WriteAsync(asked, "fr", "Bonjour {person}", "B", null);
        using var browser = await asked.OpenedAsync(Ct);

        var page = await (await browser.GetAsync(asked.Path, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.DoesNotContain("Bonjour", page, StringComparison.Ordinal);
        Assert.Contains("name=\"text\" value=\"vault-1\"", page, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(Asked asked, string language, string title, string text, string? keep)
    {
        using var written = await (await asked.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(
            "/api/v1/tenant/consent-texts", new { language, title, text, uses = keep is null ? null : new Dictionary<string, string> { ["keep"] = keep } }, Ct);
        Assert.Equal(HttpStatusCode.Created, written.StatusCode);
    }

    private static Task<HttpResponseMessage> AnswerAsync(TestBrowser browser, Asked asked, string version, string language, params string[] yes) =>
        browser.PostFormAsync($"{asked.Path}/answer", [.. yes.Select(use => (use, "yes")), ("name", "Ben Okafor"), ("text", version), ("language", language)], Ct, page: asked.Path);

    private static async Task<IReadOnlyList<JsonElement>> RecordsAsync(Asked asked) =>
        [.. (await (await asked.Tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"{asked.Recording.Path}/consents?participant={asked.Ben}", Ct)).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> DocumentAsync(TestBrowser browser, Asked asked)
    {
        var bytes = await (await browser.GetAsync($"{asked.Path}/receipt", Ct)).Content.ReadAsByteArrayAsync(Ct);
        return JsonDocument.Parse(SignedDocument.Verify(bytes).Document).RootElement;
    }
}
