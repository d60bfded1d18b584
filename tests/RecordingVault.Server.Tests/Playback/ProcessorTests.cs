using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A service that works for the organisation and as it says is given recordings for transcripts, and for nothing else.</summary>
public sealed class ProcessorTests(SharedVault shared)
{
    private static readonly string[] s_none = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(UseSource.TenantPolicy, true)]
    [InlineData(UseSource.RecordingTag, true)]
    [InlineData(UseSource.Consent, false)]
    [InlineData(UseSource.FoundMark, false)]
    public void The_organisations_own_word_does_not_bind_its_processor_and_everybody_elses_does(UseSource source, bool allowed)
    {
        var use = new EffectiveUse(UsageRights.Nothing, [new UseObjection(Use.Inference, UseDecision.Prohibited, source, "no")]);

        Assert.Equal(allowed, Purpose.Transcribe.IsAllowedToProcessor(use));
        foreach (var other in Purposes.Stated.Where(purpose => purpose != Purpose.Transcribe))
            Assert.False(other.IsAllowedToProcessor(use));
    }

    [Fact]
    public async Task One_that_is_named_is_given_what_the_tag_keeps_from_others_and_the_log_says_to_whom()
    {
        var recording = await MakeAsync();
        using var owner = await SignInAsync(recording.Tenant);
        var id = await NameAsync(owner, "Scribe & Sons");

        using var nobody = await owner.GetAsync(recording.Path + "/download?purpose=transcribe", Ct);
        using var given = await owner.GetAsync($"{recording.Path}/download?purpose=transcribe&processor={id}", Ct);
        using var other = await owner.GetAsync($"{recording.Path}/download?purpose=ai-inference&processor={id}", Ct);
        using var watched = await owner.GetAsync($"{recording.Path}/content?processor={id}", Ct);
        var told = Assert.Single(await recording.Tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "content.released");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (nobody.StatusCode, given.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (other.StatusCode, watched.StatusCode));
        Assert.Equal("export-prohibited", await SharedLink.SlugAsync(other, Ct));
        Assert.Equal(("Scribe & Sons", "transcribe", "no-tdm"), (Detail(told, "recipient"), Detail(told, "for"), Detail(told, "tag")));
        // Its copy says to everybody else what the organisation says to them.
        Assert.Equal("train-ai=n, search=n", Assert.Single(given.Headers.GetValues("Content-Usage")));
    }

    [Fact]
    public async Task Two_of_them_are_two_releases()
    {
        var recording = await MakeAsync();
        using var owner = await SignInAsync(recording.Tenant);
        foreach (var id in new[] { await NameAsync(owner, "One"), await NameAsync(owner, "Two") })
            (await owner.GetAsync($"{recording.Path}/download?purpose=transcribe&processor={id}", Ct)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(["One", "Two"], (await recording.Tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "content.released").Select(line => Detail(line, "recipient")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Consent_that_is_missing_and_a_file_that_nobody_read_stand_in_its_way()
    {
        var recording = await MakeAsync(consent: ["inference"]);
        using var owner = await SignInAsync(recording.Tenant);
        var id = await NameAsync(owner, "Scribe");
        using var without = await owner.GetAsync($"{recording.Path}/download?purpose=transcribe&processor={id}", Ct);
        var unread = await StoredRecording.PutAsync(shared.Vault, recording.Tenant, 1_000, Ct, "video/ogg");
        using var unseen = await owner.GetAsync($"{unread.Path}/download?purpose=transcribe&processor={id}", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (without.StatusCode, unseen.StatusCode));
        Assert.Contains("consent", (await JsonAsync(without)).GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_taken_back_gets_nothing_at_the_next_byte_and_another_organisations_never_did()
    {
        var recording = await MakeAsync();
        using var owner = await SignInAsync(recording.Tenant);
        var id = await NameAsync(owner, "Scribe");
        var foreign = await MakeAsync();
        using var stranger = await SignInAsync(foreign.Tenant);
        using var theirs = await stranger.GetAsync($"{foreign.Path}/download?purpose=transcribe&processor={id}", Ct);
        using var notTheirs = await stranger.SendJsonAsync(HttpMethod.Delete, $"/api/v1/tenant/processors/{id}", null, Ct);
        (await owner.GetAsync($"{recording.Path}/download?purpose=transcribe&processor={id}", Ct)).EnsureSuccessStatusCode().Dispose();

        using var taken = await owner.SendJsonAsync(HttpMethod.Delete, $"/api/v1/tenant/processors/{id}", null, Ct);
        using var after = await owner.GetAsync($"{recording.Path}/download?purpose=transcribe&processor={id}", Ct);
        using var twice = await owner.SendJsonAsync(HttpMethod.Delete, $"/api/v1/tenant/processors/{id}", null, Ct);
        using var nonsense = await owner.GetAsync($"{recording.Path}/download?purpose=transcribe&processor=scribe", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (theirs.StatusCode, notTheirs.StatusCode));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (taken.StatusCode, after.StatusCode, twice.StatusCode, nonsense.StatusCode));
        Assert.Contains(await recording.Tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "processor.taken-back" && Detail(line, "processor") == "Scribe");
    }

    [Fact]
    public async Task Naming_one_is_loosening_in_person_with_a_reason_by_who_may()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var owner = await SignInAsync(tenant);
        using var contributor = await SignInAsync(tenant, Role.Contributor);
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        using var silent = await owner.SendJsonAsync(HttpMethod.Post, "/api/v1/tenant/processors", new { name = "Scribe" }, Ct);
        using var nameless = await owner.SendJsonAsync(HttpMethod.Post, "/api/v1/tenant/processors", new { name = " ", reason = "Contract." }, Ct);
        using var byToken = await script.PostAsJsonAsync("/api/v1/tenant/processors", new { name = "Scribe", reason = "Contract." }, Ct);
        using var byWhomItIsNot = await contributor.SendJsonAsync(HttpMethod.Post, "/api/v1/tenant/processors", new { name = "Scribe", reason = "Contract." }, Ct);
        await NameAsync(owner, "Scribe");
        using var again = await owner.SendJsonAsync(HttpMethod.Post, "/api/v1/tenant/processors", new { name = "scribe", reason = "Contract." }, Ct);
        var list = (await script.GetFromJsonAsync<JsonElement>("/api/v1/tenant/processors", Ct)).GetProperty("items");
        var events = (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "processor.named").ToList();

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (silent.StatusCode, nameless.StatusCode, again.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, "person-needed"), (byToken.StatusCode, await SharedLink.SlugAsync(byToken, Ct)));
        Assert.Equal(HttpStatusCode.Forbidden, byWhomItIsNot.StatusCode);
        Assert.Equal("Scribe", Assert.Single(list.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(["person-needed"], events.Where(line => line.GetProperty("outcome").GetString() == "refused").Select(line => Detail(line, "reason")));
        Assert.Equal("By contract.", Detail(Assert.Single(events, line => line.GetProperty("outcome").GetString() == "allowed"), "why"));
    }

    [Fact]
    public async Task The_page_names_it_and_takes_it_back()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var owner = await SignInAsync(tenant);
        const string page = "/settings/organisation/use";

        using var silent = await owner.PostFormAsync(page + "/processors", [("name", "Scribe"), ("reason", " ")], Ct, "/");
        using var named = await owner.PostFormAsync(page + "/processors", [("name", "Scribe"), ("reason", "By contract.")], Ct, "/");
        var shown = await (await owner.GetAsync(page, Ct)).Content.ReadAsStringAsync(Ct);
        var id = (await JsonAsync(await owner.GetAsync("/api/v1/tenant/processors", Ct))).GetProperty("items")[0].GetProperty("id").GetGuid();
        using var taken = await owner.PostFormAsync($"{page}/processors/{id}/take-back", [], Ct, "/");
        var empty = await (await owner.GetAsync(page, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        Assert.Contains("id=\"processor-reason-error\"", await silent.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("value=\"Scribe\"", await silent.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((page, page), (named.Headers.Location?.OriginalString, taken.Headers.Location?.OriginalString));
        Assert.Contains("<bdi>Scribe</bdi>", shown, StringComparison.Ordinal);
        Assert.Contains("<p>Nobody.</p>", empty, StringComparison.Ordinal);
    }

    private async Task<StoredRecording> MakeAsync(string[]? consent = null)
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct, "video/ogg");
        using var owner = await SignInAsync(recording.Tenant);
        (await owner.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", new { needConsent = consent ?? s_none, reason = "Told at the door." }, Ct)).EnsureSuccessStatusCode().Dispose();
        await using var scope = recording.Tenant.Enter();
        await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
        return recording;
    }

    private static async Task<Guid> NameAsync(TestBrowser owner, string name)
    {
        using var named = await owner.SendJsonAsync(HttpMethod.Post, "/api/v1/tenant/processors", new { name, reason = "By contract." }, Ct);
        Assert.Equal(HttpStatusCode.Created, named.StatusCode);
        return (await JsonAsync(named)).GetProperty("id").GetGuid();
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role = Role.Owner)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;

    private static string? Detail(JsonElement line, string name) => line.GetProperty("details").TryGetProperty(name, out var value) ? value.GetString() : null;
}
