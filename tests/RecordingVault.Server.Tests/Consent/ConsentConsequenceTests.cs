using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>What follows from what people said: at the gate, for links and what runs through them, and for whoever has to decide.</summary>
public sealed class ConsentConsequenceTests(ClockedVault vault) : PlayingTests(vault)
{
    [Fact]
    public async Task A_withdrawal_cuts_what_runs_by_a_link_within_five_seconds_and_shows_it_to_no_visitor_until_he_agrees_again()
    {
        var recording = await PutAsync();
        var said = await Ledgered.MakeAsync(Tenant, recording.Id, Cancel, "Ben");
        await said.SaidAsync("Ben", "share-external", "given", Cancel);
        var link = await SharedLink.MakeAsync(recording, Cancel);
        var visitor = await Visitor.AtAsync(Vault.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        await using var reader = await SlowReader.GetAsync(Vault.Vault.Address, link.PublicPath + "/content", $"Cookie: __Secure-rvs={visitor.ShareCookie}", Cancel);
        await reader.ReadAsync(Beginning, Cancel);
        await Vault.PassAsync(1, Cancel);

        await said.SaidAsync("Ben", "share-external", "withdrawn", Cancel);
        await Vault.PassAsync(4, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        using var refused = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        Assert.Equal((HttpStatusCode.Forbidden, "no-consent"), (refused.StatusCode, await SharedLink.SlugAsync(refused, Cancel)));
        Assert.DoesNotContain("said no", await (await visitor.GetAsync(link.PublicPath + "/content", Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var inside = await (await Tenant.ClientAsync(Role.Viewer, Cancel)).GetAsync(recording.Path + "/content", Cancel);
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(Tenant.Owner, Cancel);
        Assert.Contains("No link shows it now.", await (await browser.GetAsync($"/recordings/{recording.Id}", Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await said.SaidAsync("Ben", "share-external", "given", Cancel);
        using var again = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Contains(await Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "content.refused" && line.GetProperty("details").GetProperty("reasons").GetString() == "no-consent");
    }

    [Fact]
    public async Task A_no_waits_for_a_decision_which_a_member_closes_with_a_word_and_a_yes_closes_by_itself()
    {
        var said = await Ledgered.MakeAsync(Vault.Vault, Cancel, "Ben", "Zoë");
        await said.SaidAsync("Ben", "share-external", "refused", Cancel);
        await said.SaidAsync("Ben", "share-external", "withdrawn", Cancel);
        await said.SaidAsync("Zoë", "keep", "refused", Cancel);
        await said.SaidAsync("Zoë", "ai-training", "refused", Cancel);
        var owner = await said.Tenant.ClientAsync(Role.Owner, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(said.Tenant.Owner, Cancel);
        var waiting = await (await browser.GetAsync("/", Cancel)).Content.ReadAsStringAsync(Cancel);
        var tasks = await said.TasksAsync(Cancel);
        var ben = tasks.Single(task => task.GetProperty("purpose").GetString() == "share-external").GetProperty("id").GetGuid();

        using var silent = await owner.PostAsJsonAsync($"/api/v1/consent-tasks/{ben}/close", new { outcome = "restricted", word = " " }, Cancel);
        using var wrong = await browser.PostFormAsync($"/consent-tasks/{ben}/close", [("outcome", "nothing"), ("word", "Made it restricted.")], Cancel, $"/recordings/{said.Id}/consent");
        using var closed = await browser.PostFormAsync($"/consent-tasks/{ben}/close", [("outcome", "restricted"), ("word", "Made it restricted.")], Cancel, $"/recordings/{said.Id}/consent");
        await said.SaidAsync("Zoë", "keep", "given", Cancel);
        var after = await said.TasksAsync(Cancel);

        Assert.Equal(2, tasks.Count);
        Assert.Contains("in which somebody said no", waiting, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.Redirect), (silent.StatusCode, wrong.StatusCode, closed.StatusCode));
        Assert.Contains("value=\"Made it restricted.\"", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(["asked-again ", "restricted Made it restricted."], after.Select(task => $"{task.GetProperty("outcome")} {task.GetProperty("word")}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("in which somebody said no", await (await browser.GetAsync("/", Cancel)).Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Single(await said.Tenant.EventTypesAsync(Cancel), type => type == "consent.task-closed");
    }

    [Fact]
    public async Task A_policy_that_needs_everybody_stops_links_warns_or_asks_for_a_reason()
    {
        var said = await Ledgered.MakeAsync(Vault.Vault, Cancel, "Ben", "Zoë");
        var owner = await said.Tenant.ClientAsync(Role.Owner, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(said.Tenant.Owner, Cancel);
        await said.SaidAsync("Ben", "view-internal", "given", Cancel);

        using var tightened = await owner.PutAsJsonAsync("/api/v1/tenant/consent", Everybody("refuse"), Cancel);
        using var refused = await owner.GetAsync(said.Path + "/content", Cancel);
        using var byScript = await owner.PutAsJsonAsync("/api/v1/tenant/consent", Everybody("warn", "We told them."), Cancel);
        using var silent = await browser.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/consent", Everybody("warn"), Cancel);
        using var loosened = await browser.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/consent", Everybody("warn", "We told them."), Cancel);
        using var warned = await owner.GetAsync(said.Path + "/content", Cancel);
        (await owner.PutAsJsonAsync("/api/v1/tenant/consent", Everybody("allow-with-reason"), Cancel)).EnsureSuccessStatusCode().Dispose();
        using var unreasoned = await owner.GetAsync(said.Path + "/content", Cancel);
        using var reasonByScript = await owner.PutAsJsonAsync(said.Path + "/consent-reason", new { purpose = "view-internal", reason = "Zoë only said hello." }, Cancel);
        using var given = await browser.SendJsonAsync(HttpMethod.Put, said.Path + "/consent-reason", new { purpose = "view-internal", reason = "Zoë only said hello." }, Cancel);
        using var reasoned = await owner.GetAsync(said.Path + "/content", Cancel);
        using var back = await owner.PutAsJsonAsync(said.Path + "/consent-reason", new { purpose = "view-internal" }, Cancel);
        using var again = await owner.GetAsync(said.Path + "/content", Cancel);
        await said.SaidAsync("Zoë", "view-internal", "given", Cancel);
        using var agreed = await owner.GetAsync(said.Path + "/content", Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, "no-consent"), (tightened.StatusCode, refused.StatusCode, await SharedLink.SlugAsync(refused, Cancel)));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK), (byScript.StatusCode, silent.StatusCode, loosened.StatusCode, warned.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.NoContent, HttpStatusCode.OK), (unreasoned.StatusCode, reasonByScript.StatusCode, given.StatusCode, reasoned.StatusCode));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Forbidden, HttpStatusCode.OK), (back.StatusCode, again.StatusCode, agreed.StatusCode));
        var events = await said.Tenant.EventsAsync(Cancel);
        Assert.Contains(events, line => line.GetProperty("type").GetString() == "content.released" && line.GetProperty("details").TryGetProperty("consent", out var consent) && consent.GetString() == "not-everybody");
        Assert.Equal(["allowed", "refused"], events.Where(line => line.GetProperty("type").GetString() == "consent-policy.loosened").Select(line => line.GetProperty("outcome").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, events.Count(line => line.GetProperty("type").GetString() == "consent-policy.tightened"));
        Assert.Contains(events, line => line.GetProperty("type").GetString() == "consent.reason-given" && line.GetProperty("details").TryGetProperty("why", out var why) && why.GetString() == "Zoë only said hello.");
    }

    [Fact]
    public async Task The_page_of_the_policy_changes_one_label_and_keeps_what_was_written()
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(tenant.Owner, Cancel);
        const string page = "/settings/organisation/consent";
        (string, string)[] strict = [.. s_purposes.SelectMany(purpose => new[] { ($"needs-{purpose}", purpose == "share-external" ? "everybody" : ""), ($"missing-{purpose}", "refuse") })];

        using var tightened = await browser.PostFormAsync(page, [("label", "confidential"), ("reason", ""), .. strict], Cancel);
        using var silent = await browser.PostFormAsync(page, [("label", "confidential"), ("reason", ""), .. s_purposes.Select(purpose => ($"needs-{purpose}", ""))], Cancel);
        var rules = (await (await tenant.ClientAsync(Role.Viewer, Cancel)).GetFromJsonAsync<JsonElement>("/api/v1/tenant/consent", Cancel)).GetProperty("rules");
        using var viewer = new TestBrowser(Vault.Vault);
        await viewer.SignInAsync(await tenant.AddAsync(Role.Viewer, Cancel), Cancel);
        var read = await (await viewer.GetAsync(page + "?label=confidential", Cancel)).Content.ReadAsStringAsync(Cancel);
        using var forbidden = await viewer.PostFormAsync(page, [("label", ""), .. strict], Cancel);

        Assert.Equal(page + "?label=confidential", tightened.Headers.Location?.OriginalString);
        Assert.Contains("id=\"reason-error\"", await silent.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("confidential share-external everybody refuse", string.Join(' ', Assert.Single(rules.EnumerateArray()).EnumerateObject().Select(member => member.Value.GetString())));
        Assert.Contains("Everybody’s yes", WebUtility.HtmlDecode(read), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Machines_are_given_what_everybody_agreed_to_and_nothing_when_one_takes_it_back()
    {
        var said = await Ledgered.MakeAsync(Vault.Vault, Cancel, "Ben", "Zoë");
        var owner = await said.Tenant.ClientAsync(Role.Owner, Cancel);
        var before = await ConsentObjectsAsync(owner, said);

        foreach (var name in said.People.Keys)
            await said.SaidAsync(name, "ai-training", "given", Cancel);
        await said.SaidAsync("Ben", "ai-inference", "given", Cancel);
        await said.SaidAsync("Zoë", "ai-inference", "not-needed", Cancel);
        var agreed = await ConsentObjectsAsync(owner, said);
        await said.SaidAsync("Zoë", "ai-training", "withdrawn", Cancel);
        var withdrawn = await ConsentObjectsAsync(owner, said);

        Assert.Equal(["generative-training", "inference", "mining", "other-training", "search"], before);
        Assert.Equal(["mining", "search"], agreed);
        Assert.Equal(["generative-training", "mining", "other-training", "search"], withdrawn);
    }

    private static readonly string[] s_purposes = ["view-internal", "share-external", "transcribe", "ai-inference", "ai-training", "data-mining"];

    private static object Everybody(string whenMissing, string? reason = null) => new { rules = new[] { new { purpose = "view-internal", needs = "everybody", whenMissing } }, reason };

    /// <summary>The uses that consent stands against.</summary>
    private async Task<IReadOnlyList<string?>> ConsentObjectsAsync(HttpClient client, Ledgered said) =>
        [.. (await client.GetFromJsonAsync<JsonElement>(said.Path + "/usage", Cancel)).GetProperty("objections").EnumerateArray()
            .Where(objection => objection.GetProperty("source").GetString() == "consent").Select(objection => objection.GetProperty("use").GetString()).Order(StringComparer.Ordinal)];
}
