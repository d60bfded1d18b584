using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Editing;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class EditRecordingTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Title_date_and_people_are_changed_together_and_told_once()
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Contributor);

        using var done = await PostAsync(browser, id, "After", "2026-11-24T09:30", "Europe/Berlin", "Zoë\r\n\r\nBen Ito <ben@example.com>\r\n");
        var recording = await ReadAsync(tenant, id);

        Assert.Equal($"/recordings/{id}", done.Headers.Location?.OriginalString);
        Assert.Equal("After", recording.GetProperty("title").GetString());
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 8, 30, 0, TimeSpan.Zero), recording.GetProperty("recordedAt").GetDateTimeOffset());
        Assert.Equal(["Zoë ", "Ben Ito ben@example.com"], recording.GetProperty("participants").EnumerateArray().Select(person => $"{person.GetProperty("name")} {person.GetProperty("email")}"));
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "recording.changed");
    }

    [Fact]
    public async Task People_that_were_left_as_they_are_stay_the_same_rows_and_nothing_changed_is_no_event()
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await PostAsync(browser, id, "Before", "2026-11-01T12:00", "", "Zoë\nBen Ito <ben@example.com>")).Dispose();
        var before = (await ReadAsync(tenant, id)).GetProperty("participants").GetRawText();

        (await PostAsync(browser, id, "After", "2026-11-01T12:00", "", "Zoë\r\nBen Ito <ben@example.com>\r\n")).Dispose();
        using var same = await PostAsync(browser, id, "After", "2026-11-01T12:00", "", "Zoë\nBen Ito <ben@example.com>");

        Assert.Equal(before, (await ReadAsync(tenant, id)).GetProperty("participants").GetRawText());
        Assert.Equal("After", (await ReadAsync(tenant, id)).GetProperty("title").GetString());
        Assert.Equal($"/recordings/{id}", same.Headers.Location?.OriginalString);
        Assert.Equal(2, (await tenant.EventTypesAsync(Ct)).Count(type => type == "recording.changed"));
    }

    [Fact]
    public async Task A_time_that_was_left_as_it_is_keeps_its_seconds()
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Owner);

        (await PostAsync(browser, id, "After", "2026-11-01T12:00", "", "Ben")).Dispose();

        Assert.Equal(new DateTimeOffset(2026, 11, 1, 12, 0, 42, TimeSpan.Zero), (await ReadAsync(tenant, id)).GetProperty("recordedAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("", "2026-11-24T09:30", "", "Ben")]
    [InlineData("After", "24.11.2026", "", "Ben")]
    [InlineData("After", "0001-01-01T00:00", "Europe/Berlin", "Ben")]
    [InlineData("After", "2026-11-24T09:30", "Mars/Olympus", "Ben")]
    [InlineData("After", "2026-11-24T09:30", "", "Ben <no address>")]
    [InlineData("After", "2026-11-24T09:30", "", "<ben@example.com>")]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_changed(string title, string time, string zone, string people)
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var refused = await PostAsync(browser, id, title, time, zone, people);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("aria-invalid=\"true\"", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal("Before", (await ReadAsync(tenant, id)).GetProperty("title").GetString());
        Assert.DoesNotContain("recording.changed", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_and_a_viewer_changes_nothing()
    {
        var (tenant, id) = await MakeAsync();
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(shared.Vault, Ct), Role.Owner);
        using var viewer = await SignInAsync(tenant, Role.Viewer);

        using var shown = await stranger.GetAsync($"/recordings/{id}/edit", Ct);
        using var changed = await PostAsync(stranger, id, "After", "2026-11-24T09:30", "", "");
        using var refused = await PostAsync(viewer, id, "After", "2026-11-24T09:30", "", "");
        using var into = await stranger.GetAsync($"/upload?into={id}", Ct);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (shown.StatusCode, changed.StatusCode, refused.StatusCode));
        Assert.DoesNotContain("Before", await into.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_what_is_there_and_leads_to_adding_a_file()
    {
        var (tenant, id) = await MakeAsync();
        using var browser = await SignInAsync(tenant, Role.Owner);

        var page = await (await browser.GetAsync($"/recordings/{id}/edit", Ct)).Content.ReadAsStringAsync(Ct);
        var upload = await (await browser.GetAsync($"/upload?into={id}", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("value=\"2026-11-01T12:00\"", page, StringComparison.Ordinal);
        Assert.Contains("Ben &lt;ben@example.com&gt;</textarea>", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/upload?into={id}\"", page, StringComparison.Ordinal);
        Assert.Contains($"data-into=\"{id}\" data-into-title=\"Before\"", upload, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Eve <a@b.c>", null)]
    [InlineData("Eve <a@b.c>", "eve@example.com")]
    [InlineData("Eve <>", null)]
    [InlineData("Eve >", null)]
    [InlineData("<", null)]
    [InlineData(">", "eve@example.com")]
    [InlineData("Eve", "eve@example.com")]
    [InlineData("Eve", null)]
    public void People_are_read_as_they_were_written(string name, string? email)
    {
        var wrong = PeopleLines.TryRead(PeopleLines.Write([new ParticipantResponse(Guid.Empty, name, email)]), out var people);

        Assert.Null(wrong);
        Assert.Equal((name, email ?? ""), Assert.Single(people) is { Name: { } read, Email: var address } ? (read, address ?? "") : default);
    }

    [Fact]
    public void An_address_with_angle_brackets_is_none() =>
        Assert.NotNull(PersonRequest.Check([new PersonRequest("Eve", "a<b@example.com")]));

    [Fact]
    public void A_time_that_clocks_skip_or_show_twice_is_one_moment()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero), ZonedDays.At(new DateTime(2026, 3, 29, 2, 30, 0), berlin));
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), ZonedDays.At(new DateTime(2026, 10, 25, 2, 30, 0), berlin));
    }

    private async Task<(TestTenant Tenant, Guid Id)> MakeAsync()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var made = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(
            "/api/v1/recordings", new { title = "Before", recordedAt = "2026-11-01T12:00:42Z", participants = new[] { new { name = "Ben", email = "ben@example.com" } } }, Ct);
        return (tenant, (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid());
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static Task<HttpResponseMessage> PostAsync(TestBrowser browser, Guid id, string title, string time, string zone, string people) =>
        browser.PostFormAsync($"/recordings/{id}/edit", [("title", title), ("recordedAt", time), ("zone", zone), ("people", people)], Ct, "/");

    private static Task<JsonElement> ReadAsync(TestTenant tenant, Guid id) => ReadAsync(tenant, $"/api/v1/recordings/{id}");

    private static async Task<JsonElement> ReadAsync(TestTenant tenant, string path) => await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>(path, Ct);
}
