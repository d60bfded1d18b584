using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>Keeping longer is free to whoever may change the recording; for less long than was said it is an Owner's or an Admin's, in person, freshly signed in, with a reason.</summary>
public sealed class KeepTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_may_change_it_keeps_it_longer_and_the_date_follows_at_once()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P1D");
        var contributor = await house.Tenant.ClientAsync(Role.Contributor, Ct);

        using var kept = await contributor.PostAsJsonAsync($"/api/v1/recordings/{recording}/keep", new { until = "2028-02-29", reason = " The case goes on. " }, Ct);
        using var longer = await contributor.PostAsJsonAsync($"/api/v1/recordings/{recording}/keep", new { until = "2028-03-01T12:00:00+01:00", reason = "Longer still." }, Ct);
        var read = await (await house.Tenant.ClientAsync(Role.Viewer, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}/keep", Ct);

        var first = await kept.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (kept.StatusCode, longer.StatusCode));
        var end = new DateTimeOffset(2028, 2, 29, 23, 59, 59, TimeSpan.Zero);
        Assert.Equal((end, end, "The case goes on."), (first.GetProperty("keptUntil").GetDateTimeOffset(), first.GetProperty("disposeAt").GetDateTimeOffset(), first.GetProperty("reason").GetString()));
        Assert.Equal((new DateTimeOffset(2028, 3, 1, 11, 0, 0, TimeSpan.Zero), "Longer still."), (read.GetProperty("keptUntil").GetDateTimeOffset(), read.GetProperty("reason").GetString()));
        var events = await house.EventsAsync("retention.kept", Ct);
        Assert.Equal(["2028-03-01T11:00:00Z", "2028-02-29T23:59:59Z"], events.Select(line => DueHouse.Detail(line, "until")));
        Assert.Equal("The case goes on.", DueHouse.Detail(events[1], "why"));
    }

    [Fact]
    public async Task To_shorten_it_needs_an_owner_or_admin_in_person_freshly_signed_in()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        var (contributor, script) = (await house.Tenant.ClientAsync(Role.Contributor, Ct), await house.Tenant.ClientAsync(Role.Owner, Ct));
        using var owner = await house.SignedInAsync(Ct);
        var path = $"/api/v1/recordings/{recording}/keep";
        using var kept = await script.PostAsJsonAsync(path, new { until = "2030-01-01", reason = "For long." }, Ct);
        var shorter = new { until = "2029-01-01", reason = "Shorter." };

        using var byContributor = await contributor.PostAsJsonAsync(path, shorter, Ct);
        using var byToken = await script.PostAsJsonAsync(path, shorter, Ct);
        using var endedByToken = await script.SendAsync(new HttpRequestMessage(HttpMethod.Delete, path) { Content = JsonContent.Create(new { reason = "No more." }) }, Ct);
        var standing = (await house.GetAsync(path, Ct)).GetProperty("keptUntil").GetDateTimeOffset();
        using var done = await owner.SendJsonAsync(HttpMethod.Post, path, shorter, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        using var stale = await owner.SendJsonAsync(HttpMethod.Post, path, new { until = "2028-01-01", reason = "Shorter still." }, Ct);
        using var endedStale = await owner.SendJsonAsync(HttpMethod.Delete, path, new { reason = "No more." }, Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "keep-for-owners"), (byContributor.StatusCode, await SharedLink.SlugAsync(byContributor, Ct)));
        Assert.Equal((HttpStatusCode.Forbidden, "person-needed"), (byToken.StatusCode, await SharedLink.SlugAsync(byToken, Ct)));
        Assert.Equal(HttpStatusCode.Forbidden, endedByToken.StatusCode);
        Assert.Equal(2030, standing.Year);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.All([stale, endedStale], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(stale, Ct));
        Assert.Equal(2029, (await house.GetAsync(path, Ct)).GetProperty("keptUntil").GetDateTimeOffset().Year);
        Assert.Equal(["keep-for-owners", "person-needed"], (await house.EventsAsync("retention.kept", Ct)).Where(line => line.GetProperty("outcome").GetString() == "refused").Select(line => DueHouse.Detail(line, "reason")).Order());
    }

    [Fact]
    public async Task It_is_taken_back_with_a_reason_and_nothing_is_left_of_it_but_the_log()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P100D");
        using var owner = await house.SignedInAsync(Ct);
        var path = $"/api/v1/recordings/{recording}/keep";
        using var kept = await owner.PostFormAsync($"/recordings/{recording}/keep", [("until", "2029-05-01"), ("reason", "For long.")], Ct);
        var page = await DueHouse.PageAsync(owner, $"/recordings/{recording}/keep", Ct);

        using var silent = await owner.SendJsonAsync(HttpMethod.Delete, path, new { reason = " " }, Ct);
        using var silentByForm = await owner.PostFormAsync($"/recordings/{recording}/keep/end", [("reason", " ")], Ct, $"/recordings/{recording}/keep");
        using var done = await owner.PostFormAsync($"/recordings/{recording}/keep/end", [("reason", "The case is closed.")], Ct, $"/recordings/{recording}/keep");
        using var again = await owner.SendJsonAsync(HttpMethod.Delete, path, new { reason = "Once more." }, Ct);
        var after = await house.GetAsync(path, Ct);

        Assert.Contains("For long.", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (silent.StatusCode, silentByForm.StatusCode));
        Assert.Contains("id=\"end-reason-error\"", await silentByForm.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.NoContent), (done.StatusCode, again.StatusCode));
        Assert.Equal(JsonValueKind.Null, after.GetProperty("keptUntil").ValueKind);
        Assert.True(after.GetProperty("disposeAt").GetDateTimeOffset() < vault.Clock.GetUtcNow().AddDays(101));
        Assert.Equal("The case is closed.", DueHouse.Detail(Assert.Single(await house.EventsAsync("retention.keep-ended", Ct)), "why"));
    }

    [Theory]
    [InlineData("soon", "Because.", "until")]
    [InlineData("2020-01-01", "Because.", "until")]
    [InlineData("2080-01-01", "Because.", "until")]
    [InlineData("2027-01-01", " ", "reason")]
    public async Task What_is_wrong_is_named_and_the_form_keeps_what_was_typed(string until, string reason, string field)
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        using var owner = await house.SignedInAsync(Ct);

        using var byScript = await owner.SendJsonAsync(HttpMethod.Post, $"/api/v1/recordings/{recording}/keep", new { until, reason }, Ct);
        using var byForm = await owner.PostFormAsync($"/recordings/{recording}/keep", [("until", until), ("reason", reason)], Ct);
        var page = await byForm.Content.ReadAsStringAsync(Ct);

        Assert.Equal((HttpStatusCode.BadRequest, field), (byScript.StatusCode, (await byScript.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, byForm.StatusCode);
        Assert.Contains($"id=\"{field}-error\"", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{until}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_kept_at_once_or_none_and_longer_words_stand()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (one, other) = (await house.RecordingAsync(Ct), await house.RecordingAsync(Ct));
        using var owner = await house.SignedInAsync(Ct);
        using var longer = await owner.PostFormAsync($"/recordings/{other}/keep", [("until", "2040-01-01"), ("reason", "For very long.")], Ct);

        using var asked = await owner.PostFormAsync("/recordings/chosen/keep", [("recording", $"{one}"), ("recording", $"{other}")], Ct, "/");
        using var missing = await owner.PostFormAsync("/recordings/chosen/keep/until", [("recording", $"{one}"), ("recording", $"{Guid.NewGuid()}"), ("until", "2030-01-01"), ("reason", "Both.")], Ct, "/");
        using var unfit = await owner.PostFormAsync("/recordings/chosen/keep/until", [("recording", $"{one}"), ("until", "2030-01-01"), ("reason", "")], Ct, "/");
        var untouched = (await house.GetAsync($"/api/v1/recordings/{one}/keep", Ct)).GetProperty("keptUntil").ValueKind;
        using var done = await owner.PostFormAsync("/recordings/chosen/keep/until", [("recording", $"{one}"), ("recording", $"{other}"), ("until", "2030-01-01"), ("reason", "Both.")], Ct, "/");

        Assert.Contains("Keep 2 recordings longer", await asked.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest, JsonValueKind.Null), (missing.StatusCode, unfit.StatusCode, untouched));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        Assert.Equal((2030, 2040), ((await house.GetAsync($"/api/v1/recordings/{one}/keep", Ct)).GetProperty("keptUntil").GetDateTimeOffset().Year, (await house.GetAsync($"/api/v1/recordings/{other}/keep", Ct)).GetProperty("keptUntil").GetDateTimeOffset().Year));
        Assert.Contains("formaction=\"/recordings/chosen/keep\"", await DueHouse.PageAsync(owner, "/", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_in_the_trash_is_taken_out_first_and_another_tenants_is_not_there()
    {
        var (house, others) = (await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct), await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct));
        var recording = await house.RecordingAsync(Ct);
        var (owner, stranger) = (await house.Tenant.ClientAsync(Role.Owner, Ct), await others.Tenant.ClientAsync(Role.Owner, Ct));
        using var trashed = await owner.DeleteAsync($"/api/v1/recordings/{recording}", Ct);
        var wish = new { until = "2030-01-01", reason = "Because." };

        using var refused = await owner.PostAsJsonAsync($"/api/v1/recordings/{recording}/keep", wish, Ct);
        using var notTheirs = await stranger.PostAsJsonAsync($"/api/v1/recordings/{recording}/keep", wish, Ct);
        using var byViewer = await (await house.Tenant.ClientAsync(Role.Viewer, Ct)).PostAsJsonAsync($"/api/v1/recordings/{recording}/keep", wish, Ct);

        Assert.Equal((HttpStatusCode.Conflict, "in-trash"), (refused.StatusCode, await SharedLink.SlugAsync(refused, Ct)));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (notTheirs.StatusCode, byViewer.StatusCode));
    }
}
