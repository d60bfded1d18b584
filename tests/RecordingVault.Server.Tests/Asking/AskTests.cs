using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>Members ask people who were recorded.</summary>
public sealed class AskTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_is_made_for_each_and_what_is_not_answered_is_requested_and_nothing_more()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct, new { note = "Thanks for the call." });

        Assert.All((await asked.CountsAsync(Ct)).Values, status => Assert.Equal("requested", status));
        var owner = await asked.Tenant.ClientAsync(Role.Owner, Ct);
        var listed = (await owner.GetFromJsonAsync<JsonElement>($"{asked.Recording.Path}/consent-requests", Ct)).GetProperty("items")[0];
        Assert.Equal("open", listed.GetProperty("state").GetString());
        Assert.Equal("Thanks for the call.", listed.GetProperty("note").GetString());
        Assert.DoesNotContain('#', listed.GetProperty("url").GetString()!);
        Assert.Contains("consent.asked", await asked.Tenant.EventTypesAsync(Ct));
    }

    [Theory]
    [InlineData("""{"participants":[]}""", "participants")]
    [InlineData("""{"participants":["0198aaaa-0000-7000-8000-000000000001"]}""", "participants")]
    [InlineData("""{"participants":["{ben}","{ben}"]}""", "participants")]
    [InlineData("""{"participants":["{ben}"],"purposes":[]}""", "purposes")]
    [InlineData("""{"participants":["{ben}"],"purposes":["legal"]}""", "purposes")]
    [InlineData("""{"participants":["{ben}"],"purposes":["keep","keep"]}""", "purposes")]
    [InlineData("""{"participants":["{ben}"],"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"participants":["{ben}"],"expiresAt":"2099-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task What_is_wrong_is_named_and_nobody_is_asked(string body, string field)
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var owner = await asked.Tenant.ClientAsync(Role.Owner, Ct);
        using var content = new StringContent(body.Replace("{ben}", asked.Ben.ToString(), StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

        using var answer = await owner.PostAsync($"{asked.Recording.Path}/consent-requests", content, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Single((await owner.GetFromJsonAsync<JsonElement>($"{asked.Recording.Path}/consent-requests", Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Somebody_of_another_recording_is_nobody_here()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var other = await StoredRecording.PutAsync(shared.Vault, asked.Tenant, 1_000, Ct);

        using var answer = await Asked.AskAsync(other, asked.Ben, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Asked_anew_the_old_question_is_over()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);

        (await Asked.AskAsync(asked.Recording, asked.Ben, Ct)).EnsureSuccessStatusCode();

        using var browser = new TestBrowser(shared.Vault);
        using var opened = await browser.SendJsonAsync(HttpMethod.Post, asked.Path + "/open", new { secret = asked.Secret }, Ct, page: asked.Path);
        Assert.Equal(HttpStatusCode.Gone, opened.StatusCode);
        Assert.Equal("link-stopped", await SharedLink.SlugAsync(opened, Ct));
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_and_a_viewer_may_not()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var viewer = await asked.Tenant.ClientAsync(Role.Viewer, Ct);
        foreach (var (who, expected) in new[] { (stranger, HttpStatusCode.NotFound), (viewer, HttpStatusCode.Forbidden) })
        {
            using var ask = await who.PostAsJsonAsync($"{asked.Recording.Path}/consent-requests", new { participants = new[] { asked.Ben } }, Ct);
            using var list = await who.GetAsync($"{asked.Recording.Path}/consent-requests", Ct);
            using var receipts = await who.GetAsync($"{asked.Recording.Path}/consent-receipts", Ct);
            using var stop = await who.DeleteAsync($"/api/v1/consent-requests/{asked.Id}", Ct);
            Assert.All([ask, list, receipts, stop], answer => Assert.Equal(expected, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Stopped_nobody_answers_and_what_was_answered_stays_with_its_receipt()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var receipt = await asked.AnswerAsync(Ct, "share-external");
        var owner = await asked.Tenant.ClientAsync(Role.Owner, Ct);

        (await owner.DeleteAsync($"/api/v1/consent-requests/{asked.Id}", Ct)).EnsureSuccessStatusCode();

        using var browser = new TestBrowser(shared.Vault);
        using var opened = await browser.SendJsonAsync(HttpMethod.Post, asked.Path + "/open", new { secret = asked.Secret }, Ct, page: asked.Path);
        Assert.Equal(HttpStatusCode.Gone, opened.StatusCode);
        Assert.Equal("given", (await asked.CountsAsync(Ct))["share-external"]);
        (await Asked.OpenedAsync(shared.Vault, receipt.Id, receipt.Secret, Ct)).Dispose();
        Assert.Contains("consent.asking-stopped", await asked.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task By_the_page_links_are_shown_once_and_a_wrong_form_keeps_what_was_chosen()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(asked.Tenant.Owner, Ct)).Dispose();
        var page = $"/recordings/{asked.Recording.Id}/ask";

        using var wrong = await browser.PostFormAsync(page, [("use", "keep"), ("days", "30"), ("note", "Hello Ben")], Ct);
        using var made = await browser.PostFormAsync(page, [("participant", asked.Ben.ToString()), ("use", "keep"), ("days", "30")], Ct);
        using var later = await browser.GetAsync(page, Ct);

        var text = await wrong.Content.ReadAsStringAsync(Ct);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("Tick whom you want to ask", text, StringComparison.Ordinal);
        Assert.Contains("Hello Ben", text, StringComparison.Ordinal);
        Assert.Contains("/c/", await made.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain("#", (await later.Content.ReadAsStringAsync(Ct)).Split("asked-list")[1].Split("</section>")[0].Replace("&#", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
