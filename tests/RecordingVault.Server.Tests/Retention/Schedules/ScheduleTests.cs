using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Recordings.Approvals;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Retention.Schedules;

public sealed class ScheduleTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static readonly object s_coaching = new { name = " Coaching ", scope = "tenant", trigger = "recorded", keepAtLeast = "P30D", disposeAfter = "P100D", action = "destroy" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schedule_is_made_read_raised_and_gives_dates()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var before = await two.DaysAsync(Ct);
        var id = await two.AddAsync(s_coaching, Ct);
        var made = await two.DaysAsync(Ct);
        using var raised = await two.ChangeAsync(id, new { disposeAfter = "P200D", graceInDays = 60 }, Ct);
        var read = await two.ReadAsync($"{TwoKeepers.Path}/{id}", Ct);

        Assert.Equal((null, 100d, 200d), (before, made, await two.DaysAsync(Ct)));
        Assert.Equal(HttpStatusCode.OK, raised.StatusCode);
        Assert.Equal(("Coaching", "tenant", "P30D", "P200D", "destroy", 60), (read.GetProperty("name").GetString(), read.GetProperty("scope").GetString(), read.GetProperty("keepAtLeast").GetString(), read.GetProperty("disposeAfter").GetString(), read.GetProperty("action").GetString(), read.GetProperty("graceInDays").GetInt32()));
        Assert.Equal("Kept at least 30 days, goes 200 days after the meeting, then 60 days in the trash.", read.GetProperty("words").GetString());
        Assert.Equal(id, Assert.Single((await two.ReadAsync(TwoKeepers.Path, Ct)).GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        var (making, change) = (Assert.Single(await two.EventsAsync("retention.schedule-made", Ct)), Assert.Single(await two.EventsAsync("retention.schedule-changed", Ct)));
        Assert.Equal((id.ToString(), "P100D"), (TwoPeople.Detail(making, "schedule"), TwoPeople.Detail(making, "dispose-after")));
        Assert.Equal(("P30D P100D destroy 30", "P200D"), (TwoPeople.Detail(change, "before"), TwoPeople.Detail(change, "dispose-after")));
    }

    [Theory]
    [InlineData("name", """{"scope":"tenant","trigger":"recorded","keepAtLeast":"P1D"}""")]
    [InlineData("scope", """{"name":"a","trigger":"recorded","keepAtLeast":"P1D"}""")]
    [InlineData("target", """{"name":"a","scope":"label","target":"secret","trigger":"recorded","keepAtLeast":"P1D"}""")]
    [InlineData("target", """{"name":"a","scope":"source","target":"teams","trigger":"recorded","keepAtLeast":"P1D"}""")]
    [InlineData("target", """{"name":"a","scope":"tenant","target":"public","trigger":"recorded","keepAtLeast":"P1D"}""")]
    [InlineData("target", """{"name":"a","scope":"collection","target":"0192f000-0000-7000-8000-0000000000ab","trigger":"recorded","keepAtLeast":"P1D"}""")]
    [InlineData("trigger", """{"name":"a","scope":"tenant","keepAtLeast":"P1D"}""")]
    [InlineData("keepAtLeast", """{"name":"a","scope":"tenant","trigger":"recorded","keepAtLeast":"30 days"}""")]
    [InlineData("disposeAfter", """{"name":"a","scope":"tenant","trigger":"recorded","disposeAfter":"P300Y"}""")]
    [InlineData("disposeAfter", """{"name":"a","scope":"tenant","trigger":"recorded"}""")]
    [InlineData("action", """{"name":"a","scope":"tenant","trigger":"recorded","keepAtLeast":"P1D","action":"burn"}""")]
    [InlineData("graceInDays", """{"name":"a","scope":"tenant","trigger":"recorded","keepAtLeast":"P1D","graceInDays":366}""")]
    public async Task What_is_wrong_is_named(string field, string body)
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);

        using var made = await two.PostAsync(JsonDocument.Parse(body).RootElement, Ct);
        using var shown = await two.Asker.SendJsonAsync(HttpMethod.Post, TwoKeepers.Path + "/preview", JsonDocument.Parse(body).RootElement, Ct);

        Assert.Equal((HttpStatusCode.BadRequest, field), (made.StatusCode, (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString()));
        Assert.Equal((HttpStatusCode.BadRequest, field), (shown.StatusCode, (await shown.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Anothers_recording_is_not_there_and_each_has_one_schedule_of_its_own()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        using var other = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        object Own(Guid id) => new { name = "Own", scope = "recording", target = id, trigger = "uploaded", disposeAfter = "P7D", action = "destroy" };

        using var theirs = await two.PostAsync(Own(other.Recording), Ct);
        await two.AddAsync(Own(two.Recording), Ct);
        using var again = await two.PostAsync(Own(two.Recording), Ct);
        var page = await (await two.Asker.GetAsync($"/recordings/{two.Recording}/retention", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal((HttpStatusCode.NotFound, "schedule-there"), (theirs.StatusCode, await SharedLink.SlugAsync(again, Ct)));
        Assert.NotNull(await two.DaysAsync(Ct));
        Assert.Contains("since “Own” says 7 days after the upload", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal("recording", Assert.Single(await two.EventsAsync("retention.schedule-made", Ct)).GetProperty("target").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_token_obliges_and_wishes_nothing_away_and_a_contributor_neither()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var script = await two.Tenant.ClientAsync(Role.Admin, Ct);

        using var obliging = await script.PostAsJsonAsync(TwoKeepers.Path, new { name = "Law", scope = "tenant", trigger = "recorded", keepAtLeast = "P10Y" }, Ct);
        using var wishing = await script.PostAsJsonAsync(TwoKeepers.Path, s_coaching, Ct);
        using var contributing = await (await two.Tenant.ClientAsync(Role.Contributor, Ct)).PostAsJsonAsync(TwoKeepers.Path, s_coaching, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        using var stale = await two.PostAsync(s_coaching, Ct);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (obliging.StatusCode, wishing.StatusCode, contributing.StatusCode));
        Assert.Equal(("person-needed", "fresh-sign-in"), (await SharedLink.SlugAsync(wishing, Ct), await SharedLink.SlugAsync(stale, Ct)));
        Assert.Equal("person-needed", TwoPeople.Detail(Assert.Single(await two.EventsAsync("retention.schedule-made", Ct), line => line.GetProperty("outcome").GetString() == "refused"), "reason"));
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_changes_nothing()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        (await StoredRecording.PutAsync(vault.Vault, two.Tenant, 500, Ct)).ToString();

        using var shown = await two.Asker.SendJsonAsync(HttpMethod.Post, TwoKeepers.Path + "/preview", new { name = "a", scope = "tenant", trigger = "uploaded", disposeAfter = "P10D", action = "destroy", keepAtLeast = "P1D" }, Ct);
        var found = await shown.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal((2, 0, 2, 0, 2, 1_500L, false), (Number("changed"), Number("sooner"), Number("keptLonger"), Number("due"), Number("dueIn30Days"), found.GetProperty("sizeInBytes").GetInt64(), found.GetProperty("waits").GetBoolean()));
        Assert.Equal("A title with a marker", found.GetProperty("first")[0].GetProperty("title").GetString());
        Assert.Empty((await two.ReadAsync(TwoKeepers.Path, Ct)).GetProperty("items").EnumerateArray());
        Assert.Null(await two.DaysAsync(Ct));

        int Number(string name) => found.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task The_form_shows_first_and_makes_what_was_shown()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        (string, string)[] typed = [("name", "Coaching"), ("for", "tenant"), ("trigger", "recorded"), ("keep-count", ""), ("keep-unit", "D"), ("dispose-count", "100"), ("dispose-unit", "D"), ("action", "destroy"), ("grace", "30")];

        using var first = await two.Asker.PostFormAsync("/retention/schedules", [.. typed, ("do", "make"), ("shown", "")], Ct, "/retention/schedules/new");
        var page = WebUtility.HtmlDecode(await first.Content.ReadAsStringAsync(Ct));
        var shown = System.Text.RegularExpressions.Regex.Match(page, "name=\"shown\" value=\"([^\"]*)\"").Groups[1].Value;
        using var made = await two.Asker.PostFormAsync("/retention/schedules", [.. typed, ("do", "make"), ("shown", shown)], Ct, "/retention/schedules/new");
        var list = WebUtility.HtmlDecode(await (await two.Asker.GetAsync("/retention/schedules", Ct)).Content.ReadAsStringAsync(Ct));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (first.StatusCode, made.StatusCode));
        Assert.Contains("This would delete 1 recording on or after", page, StringComparison.Ordinal);
        Assert.True(list.Contains("Goes 100 days after the meeting, then 30 days in the trash.", StringComparison.Ordinal), list);
        Assert.Equal(100, await two.DaysAsync(Ct));
    }

    [Fact]
    public async Task There_are_two_hundred_at_most()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        for (var count = 0; count < ScheduleProblems.MostSchedules; count++)
            await PlantedSchedule.AddAsync(two.Tenant, Guid.CreateVersion7(), Ct);

        using var made = await two.PostAsync(new { name = "Law", scope = "tenant", trigger = "recorded", keepAtLeast = "P10Y" }, Ct);

        Assert.Equal("too-many-schedules", await SharedLink.SlugAsync(made, Ct));
    }

    [Fact]
    public async Task A_new_rule_makes_every_date_that_was_reckoned_before_it_old()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        await two.DaysAsync(Ct);
        await using var scope = two.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var before = await db.Tenants.Select(tenant => tenant.RetentionGeneration).SingleAsync(Ct);
        await two.AddAsync(s_coaching, Ct);

        Assert.Equal(before + 1, await db.Tenants.Select(tenant => tenant.RetentionGeneration).SingleAsync(Ct));
    }

    [Fact]
    public async Task An_upload_says_after_which_time_the_recording_that_it_makes_goes()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var tus = await TusClient.OfAsync(two.Tenant, Role.Contributor, Ct);

        using var made = await tus.CreateAsync(100, new Dictionary<string, string>(StringComparer.Ordinal) { ["retention"] = "P100D" }, Ct);
        using var joined = await tus.CreateAsync(100, new Dictionary<string, string>(StringComparer.Ordinal) { ["retention"] = "P100D", ["recording"] = two.Recording.ToString() }, Ct);
        var own = Assert.Single((await two.ReadAsync(TwoKeepers.Path, Ct)).GetProperty("items").EnumerateArray());

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.BadRequest), (made.StatusCode, joined.StatusCode));
        Assert.Equal(("recording", "recorded", "P100D", "destroy"), (own.GetProperty("scope").GetString(), own.GetProperty("trigger").GetString(), own.GetProperty("disposeAfter").GetString(), own.GetProperty("action").GetString()));
        Assert.Equal("upload", TwoPeople.Detail(Assert.Single(await two.EventsAsync("retention.schedule-made", Ct)), "by"));
    }
}
