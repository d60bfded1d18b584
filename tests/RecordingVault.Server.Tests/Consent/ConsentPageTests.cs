using System.Net;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>The page of consent: who said what of which use, and the form that writes an answer down.</summary>
public sealed class ConsentPageTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_for_several_uses_is_written_down_and_stands_in_the_table_and_in_the_history()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Ben", "Zoë");
        using var browser = await SignInAsync(recording.Tenant, Role.Contributor);
        var page = $"/recordings/{recording.Id}/consent";

        using var done = await browser.PostFormAsync(
            page,
            [("participant", $"{recording.People["Ben"]}"), ("for-keep", "yes"), ("for-transcribe", "yes"), ("status", "given"), ("method", "spoken"), ("seconds", "1:02:40"), ("when", "2026-11-20T10:00"), ("zone", "Europe/Berlin"), ("note", "Said <so>.")],
            Ct);
        var shown = await (await browser.GetAsync(done.Headers.Location!.OriginalString, Ct)).Content.ReadAsStringAsync(Ct);
        var records = await recording.RecordsAsync(Ct);

        Assert.Equal($"{page}?person={recording.People["Ben"]}", done.Headers.Location.OriginalString);
        Assert.Equal(["given", "given"], records.Select(record => record.GetProperty("status").GetString()));
        Assert.All(records, record => Assert.Equal((3_760d, new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), "member"), (record.GetProperty("seconds").GetDouble(), record.GetProperty("at").GetDateTimeOffset(), record.GetProperty("recordedBy").GetProperty("kind").GetString())));
        Assert.Contains("1:02:40", shown, StringComparison.Ordinal);
        Assert.Contains("Said &lt;so&gt;.", shown, StringComparison.Ordinal);
        Assert.Equal(2, (await recording.Tenant.EventTypesAsync(Ct)).Count(type => type == "consent.recorded"));
    }

    [Theory]
    [InlineData("", "given", "mail", "", "", "purpose-error")]
    [InlineData("for-keep", "", "mail", "", "", "status-error")]
    [InlineData("for-keep", "given", "spoken", "", "", "seconds-error")]
    [InlineData("for-keep", "given", "spoken", "half past", "", "seconds-error")]
    [InlineData("for-keep", "given", "mail", "", "24.11.2026", "at-error")]
    [InlineData("for-keep", "not-needed", "mail", "", "", "lawfulBasis-error")]
    public async Task What_is_wrong_is_said_at_its_field_and_what_was_written_stays(string purpose, string status, string method, string seconds, string when, string error)
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Ben");
        using var browser = await SignInAsync(recording.Tenant, Role.Owner);

        using var refused = await browser.PostFormAsync(
            $"/recordings/{recording.Id}/consent",
            [("participant", $"{recording.People["Ben"]}"), (purpose, "yes"), ("status", status), ("method", method), ("seconds", seconds), ("when", when), ("note", "My words")], Ct);
        var page = await refused.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains($"id=\"{error}\"", page, StringComparison.Ordinal);
        Assert.Contains(">My words</textarea>", page, StringComparison.Ordinal);
        Assert.Empty(await recording.RecordsAsync(Ct));
    }

    [Fact]
    public async Task A_viewer_sees_what_was_said_and_no_form_and_the_recording_leads_there()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Ben");
        await recording.SaidAsync("Ben", "share-external", "refused", Ct);
        using var browser = await SignInAsync(recording.Tenant, Role.Viewer);

        var leads = await (await browser.GetAsync($"/recordings/{recording.Id}", Ct)).Content.ReadAsStringAsync(Ct);
        var shown = await (await browser.GetAsync($"/recordings/{recording.Id}/consent?person={recording.People["Ben"]}", Ct)).Content.ReadAsStringAsync(Ct);
        using var refused = await browser.PostFormAsync($"/recordings/{recording.Id}/consent", [("participant", $"{recording.People["Ben"]}"), ("for-keep", "yes"), ("status", "given"), ("method", "mail")], Ct);

        Assert.Contains($"href=\"/recordings/{recording.Id}/consent\"", leads, StringComparison.Ordinal);
        Assert.Contains("badge stop", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Write it down", shown, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_name_is_corrected_on_the_page()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Ben");
        using var browser = await SignInAsync(recording.Tenant, Role.Contributor);
        var person = recording.People["Ben"];
        var page = $"/recordings/{recording.Id}/consent?person={person}";

        using var wrong = await browser.PostFormAsync($"/participants/{person}", [("name", "Ben Ito"), ("email", "nobody")], Ct, page);
        using var done = await browser.PostFormAsync($"/participants/{person}", [("name", "Ben Ito"), ("email", "ben@example.com")], Ct, page);

        Assert.Contains("id=\"email-error\"", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(page, done.Headers.Location?.OriginalString);
        Assert.Equal("Ben Ito ben@example.com", string.Join(' ', (await Ledgered.PeopleAsync(recording.Tenant, recording.Id, Ct)).Select(one => $"{one.GetProperty("name")} {one.GetProperty("email")}")));
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }
}
