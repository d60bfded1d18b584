using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>Content is asked for with a purpose, and leaves where tenant, recording, consent and file all let it (issue: the gate with purposes).</summary>
public sealed class PurposeTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_is_refused_under_the_default_tag_with_every_reason_and_an_event()
    {
        var recording = await MakeAsync();
        var owner = await SignInAsync(recording.Tenant);
        using var _ = owner;

        using var refused = await owner.GetAsync(recording.Path + "/download?purpose=ai-training", Ct);
        var problem = await JsonAsync(refused);
        var told = Assert.Single(await recording.Tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "content.refused");

        Assert.Equal((HttpStatusCode.Forbidden, "/problems/export-prohibited"), (refused.StatusCode, problem.GetProperty("type").GetString()));
        Assert.Equal(("ai-training", "no-tdm"), (problem.GetProperty("purpose").GetString(), problem.GetProperty("tag").GetString()));
        Assert.Equal(
            ["consent", "found-mark", "recording-tag", "tenant-policy"],
            problem.GetProperty("objections").EnumerateArray().Select(objection => objection.GetProperty("source").GetString()!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(("ai-training", "download", "no-tdm", "export-prohibited"), (Detail(told, "for"), Detail(told, "purpose"), Detail(told, "tag"), Detail(told, "reasons")));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("keep")]
    [InlineData("view-internal&purpose=view-internal")]
    public async Task A_purpose_that_is_not_known_is_no(string purpose)
    {
        var recording = await MakeAsync();
        using var owner = await SignInAsync(recording.Tenant);

        using var refused = await owner.GetAsync($"{recording.Path}/content?purpose={purpose}", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "/problems/export-prohibited"), (refused.StatusCode, (await JsonAsync(refused)).GetProperty("type").GetString()));
    }

    [Fact]
    public async Task What_all_of_them_allow_leaves_with_its_tag_in_the_headers_and_in_the_event()
    {
        var recording = await MakeAsync();
        await AllowAsync(recording);
        using var owner = await SignInAsync(recording.Tenant);

        using var unread = await owner.GetAsync(recording.Path + "/download?purpose=ai-training", Ct);
        await ReadMarksAsync(recording);
        using var given = await owner.GetAsync(recording.Path + "/download?purpose=ai-training", Ct);
        using var watched = await owner.GetAsync(recording.Path + "/content", Ct);
        var told = (await recording.Tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "content.released").ToList();

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (unread.StatusCode, given.StatusCode));
        Assert.Equal(("train-ai=y, search=y", "0"), (Header(given, "Content-Usage"), Header(given, "tdm-reservation")));
        Assert.Equal("train-ai=y, search=y", Header(watched, "Content-Usage"));
        Assert.Equal(["ai-training", "view-internal"], told.Select(line => Detail(line, "for")).Order(StringComparer.Ordinal));
        Assert.All(told, line => Assert.Equal(("allowed", "http"), (Detail(line, "tag"), Detail(line, "carriers"))));
    }

    [Fact]
    public async Task A_tag_that_reserves_some_uses_offers_terms()
    {
        var recording = await MakeAsync();
        await AllowAsync(recording, "no-ai-training");
        await ReadMarksAsync(recording);
        using var owner = await SignInAsync(recording.Tenant);

        using var watched = await owner.GetAsync(recording.Path + "/content", Ct);
        using var terms = JsonDocument.Parse(await shared.Vault.Bare.GetStringAsync(new Uri(Header(watched, "tdm-policy")).AbsolutePath, Ct));

        Assert.Equal(("train-ai=n", "1"), (Header(watched, "Content-Usage"), Header(watched, "tdm-reservation")));
        Assert.Equal("Offer", terms.RootElement.GetProperty("@type").GetString());
        Assert.Equal("obtainConsent", terms.RootElement.GetProperty("permission")[0].GetProperty("duty")[0].GetProperty("action").GetString());
        Assert.False(terms.RootElement.TryGetProperty("prohibition", out var _));
    }

    [Fact]
    public async Task What_leaves_the_same_way_for_another_purpose_is_an_event_of_its_own()
    {
        var recording = await MakeAsync();
        await AllowAsync(recording);
        await ReadMarksAsync(recording);
        using var owner = await SignInAsync(recording.Tenant);

        using var watched = await owner.GetAsync(recording.Path + "/content", Ct);
        using var trained = await owner.GetAsync(recording.Path + "/content?purpose=ai-training", Ct);
        var told = (await recording.Tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "content.released");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (watched.StatusCode, trained.StatusCode));
        Assert.Equal(["ai-training", "view-internal"], told.Select(line => Detail(line, "for")).Order(StringComparer.Ordinal));
    }

    /// <summary>Though all of them allow it: a link shows, and is told nothing of who would object.</summary>
    [Fact]
    public async Task By_a_link_nothing_leaves_for_a_machine_and_nobody_s_objections_are_told()
    {
        var recording = await MakeAsync();
        await AllowAsync(recording);
        await ReadMarksAsync(recording);
        var link = await SharedLink.MakeAsync(recording, Ct, new { allowDownload = true });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();

        using var watched = await visitor.GetAsync(link.PublicPath + "/content", Ct);
        using var refused = await visitor.GetAsync(link.PublicPath + "/download?purpose=ai-training", Ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (watched.StatusCode, refused.StatusCode));
        Assert.False((await JsonAsync(refused)).TryGetProperty("objections", out var _));
    }

    [Fact]
    public async Task A_release_for_one_purpose_is_none_for_another()
    {
        var recording = await MakeAsync();
        using var owner = await SignInAsync(recording.Tenant);

        using var watched = await owner.GetAsync(recording.Path + "/content", Ct);
        using var mined = await owner.GetAsync(recording.Path + "/content?purpose=data-mining", Ct);
        using var again = await owner.GetAsync(recording.Path + "/content", Ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK), (watched.StatusCode, mined.StatusCode, again.StatusCode));
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_for_any_purpose()
    {
        var recording = await MakeAsync();
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(shared.Vault, Ct));

        using var answer = await stranger.GetAsync(recording.Path + "/download?purpose=ai-training", Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<StoredRecording> MakeAsync() => await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct, "video/ogg");

    private static async Task AllowAsync(StoredRecording recording, string tag = "allowed")
    {
        await using var scope = recording.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var named = UsageWords.TagOfRow(tag);
        await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.UsageTag, named).SetProperty(tenant => tenant.UsesNeedingConsent, ""), Ct);
        await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsageTag, named), Ct);
    }

    private static async Task ReadMarksAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        return browser;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;

    private static string? Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString();

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
