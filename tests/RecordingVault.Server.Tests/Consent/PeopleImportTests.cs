using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>People of a list are named as recorded: looked at first, then all of them or none.</summary>
public sealed class PeopleImportTests(SharedVault shared)
{
    private const string Report = "\uFEFFName (Original Name),User Email,Recording Consent\r\nBen,ben@example.com,Y\r\nZoë,,\r\nBEN,Ben@example.com,\r\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_preview_tells_each_row_and_writes_nothing()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "zoë");

        var (status, answer) = await SendAsync(recording, "zoom-report", Report, isDry: true);

        Assert.Equal((HttpStatusCode.OK, true, 1, 1, 1), (status, answer.GetProperty("dryRun").GetBoolean(), answer.GetProperty("added").GetInt32(), answer.GetProperty("alreadyThere").GetInt32(), answer.GetProperty("consents").GetInt32()));
        Assert.Equal(["2 Ben add True", "3 Zoë there False", "4 BEN again False"], answer.GetProperty("rows").EnumerateArray().Select(row => $"{row.GetProperty("line")} {row.GetProperty("name")} {row.GetProperty("state")} {row.GetProperty("consent").GetBoolean()}"));
        Assert.Equal("zoë typed", await NamedAsync(recording));
        Assert.DoesNotContain("participant.imported", await recording.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_report_adds_people_with_what_they_accepted_and_the_log_counts_and_names_nobody()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Zoë");

        var (status, _) = await SendAsync(recording, "zoom-report", Report);
        var (again, second) = await SendAsync(recording, "zoom-report", Report);
        var record = Assert.Single(await recording.RecordsAsync(Ct));
        var told = Assert.Single(await recording.Tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "participant.imported");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, 0), (status, again, second.GetProperty("added").GetInt32()));
        Assert.Equal("Zoë typed, Ben zoom-report", await NamedAsync(recording));
        Assert.Equal(("keep", "given", "prompt"), (record.GetProperty("purpose").GetString(), record.GetProperty("status").GetString(), record.GetProperty("method").GetString()));
        Assert.Equal("unknown", await recording.StatusAsync("Zoë", "keep", Ct));
        Assert.Equal("unknown", await recording.StatusAsync("Ben", "ai-training", Ct));
        var details = told.GetProperty("details");
        Assert.Equal("zoom-report 1 1 1", $"{details.GetProperty("source")} {details.GetProperty("added")} {details.GetProperty("there")} {details.GetProperty("consents")}");
        Assert.DoesNotContain("Ben", details.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_list_of_people_that_is_sent_anew_leaves_how_each_came_to_be_known()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Zoë");
        await SendAsync(recording, "csv", "name,email\nBen,ben@example.com\n");

        using var changed = await (await recording.Tenant.ClientAsync(Role.Contributor, Ct)).PatchAsJsonAsync(
            recording.Path, new { participants = new[] { new { name = "Ben", email = (string?)"ben@example.com" }, new { name = "Anna", email = (string?)null } } }, Ct);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("Ben csv, Anna typed", await NamedAsync(recording));
    }

    [Fact]
    public async Task An_accepted_recording_goes_over_no_refusal()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct);
        (await SendAsync(recording, "csv", "name,email\nBen,ben@example.com\n")).Answer.GetProperty("added");
        recording = recording with { People = (await Ledgered.PeopleAsync(recording.Tenant, recording.Id, Ct)).ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("id").GetGuid(), StringComparer.Ordinal) };
        await recording.SaidAsync("Ben", "keep", "refused", Ct);

        var (status, answer) = await SendAsync(recording, "zoom-report", "Name (Original Name),User Email,Recording Consent\nBen,ben@example.com,Y\n");

        Assert.Equal((HttpStatusCode.OK, 0, "refused"), (status, answer.GetProperty("consents").GetInt32(), await recording.StatusAsync("Ben", "keep", Ct)));
    }

    [Fact]
    public async Task With_one_wrong_row_nothing_is_added_and_each_is_told_with_its_line()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct);
        const string List = "name,email\nBen,ben@example.com\nZoë,nobody\n\"Eve,e@example.com\n";

        var (preview, looked) = await SendAsync(recording, "csv", List, isDry: true);
        var (status, refused) = await SendAsync(recording, "csv", List);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, "text"), (preview, status, refused.GetProperty("field").GetString()));
        Assert.All([looked, refused], answer => Assert.Equal(["3 email", "4 row"], answer.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("line")} {error.GetProperty("column")}")));
        Assert.Equal("", await NamedAsync(recording));
    }

    [Theory]
    [InlineData("typed", "Ben", "kind")]
    [InlineData("nothing", "Ben", "kind")]
    [InlineData("pasted", " \n", "text")]
    [InlineData("csv", "name,email\n", "text")]
    public async Task What_is_no_list_is_refused_at_its_field(string kind, string text, string field)
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct);

        var (status, answer) = await SendAsync(recording, kind, text);

        Assert.Equal((HttpStatusCode.BadRequest, field), (status, answer.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task More_people_than_a_recording_may_have_and_more_bytes_than_a_list_may_have_are_refused()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Ben");

        var (many, answer) = await SendAsync(recording, "pasted", string.Concat(Enumerable.Range(0, 500).Select(at => $"Person {at}\n")));
        var (large, _) = await SendAsync(recording, "pasted", new string('a', (8 * 1024 * 1024) + 1));

        Assert.Equal((HttpStatusCode.BadRequest, "participants", HttpStatusCode.RequestEntityTooLarge), (many, answer.GetProperty("field").GetString(), large));
        Assert.Equal("Ben typed", await NamedAsync(recording));
    }

    [Fact]
    public async Task A_viewer_adds_nobody_and_another_organisation_finds_nothing()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct);
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var viewer = await recording.Tenant.ClientAsync(Role.Viewer, Ct);
        var path = recording.Path + "/participants/";

        using var theirs = await stranger.PostAsync(path + "imports?kind=pasted", Body("Ben"), Ct);
        using var theirSpeakers = await stranger.GetAsync(path + "suggestions", Ct);
        using var viewers = await viewer.PostAsync(path + "imports?kind=pasted", Body("Ben"), Ct);
        using var viewersSpeakers = await viewer.GetAsync(path + "suggestions", Ct);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (theirs.StatusCode, theirSpeakers.StatusCode));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (viewers.StatusCode, viewersSpeakers.StatusCode));
        Assert.Equal("", await NamedAsync(recording));
    }

    [Fact]
    public async Task Speakers_of_the_recordings_own_captions_are_suggested_and_added_by_choice_alone()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct, "Ben");
        await PutCaptionsAsync(recording, "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ben>Hello.\n\n00:03.000 --> 00:04.000\nZoë Lind: Good morning.\n\n00:05.000 --> 00:06.000\n<v Eve>Hi.\n");
        using var browser = await SignInAsync(recording.Tenant, Role.Contributor);
        var page = $"/recordings/{recording.Id}/consent/people";

        var suggested = await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>(recording.Path + "/participants/suggestions", Ct);
        var shown = await (await browser.GetAsync(page, Ct)).Content.ReadAsStringAsync(Ct);
        var before = await NamedAsync(recording);
        using var nobody = await browser.PostFormAsync(page, [("step", "speakers")], Ct);
        using var done = await browser.PostFormAsync(page, [("step", "speakers"), ("speaker", "Eve"), ("speaker", "Mallory")], Ct);

        Assert.Equal(["Zoë Lind", "Eve"], suggested.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Contains("2 speakers are named", shown, StringComparison.Ordinal);
        Assert.Equal("Ben typed", before);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Found, "Ben typed, Eve captions"), (nobody.StatusCode, done.StatusCode, await NamedAsync(recording)));
        Assert.Contains("content.released", await recording.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task The_page_shows_what_each_row_does_then_adds_them_and_keeps_what_was_written()
    {
        var recording = await Ledgered.MakeAsync(shared.Vault, Ct);
        using var browser = await SignInAsync(recording.Tenant, Role.Contributor);
        var page = $"/recordings/{recording.Id}/consent/people";
        const string List = "Ben <ben@example.com>\nZoë";

        using var wrong = await browser.PostFormAsync(page, [("kind", "pasted"), ("step", "add"), ("text", "Ben <ben>\nZoë")], Ct);
        using var looked = await browser.PostFormAsync(page, [("kind", "pasted"), ("step", "preview"), ("text", List)], Ct);
        var before = await NamedAsync(recording);
        using var done = await browser.PostFormAsync(page, [("kind", "pasted"), ("step", "add"), ("text", List)], Ct);
        var consent = await (await browser.GetAsync(done.Headers.Location!.OriginalString, Ct)).Content.ReadAsStringAsync(Ct);

        var wrongPage = await wrong.Content.ReadAsStringAsync(Ct);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.Found), (wrong.StatusCode, looked.StatusCode, done.StatusCode));
        Assert.Contains("email: Give an address", wrongPage, StringComparison.Ordinal);
        Assert.Contains("Ben &lt;ben&gt;", wrongPage, StringComparison.Ordinal);
        Assert.Contains("Add 2 people", await looked.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(("", "Ben pasted, Zoë pasted"), (before, await NamedAsync(recording)));
        Assert.Contains("From a list that was pasted", consent, StringComparison.Ordinal);
        Assert.Contains($"href=\"{page}\"", consent, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(Ledgered recording, string kind, string text, bool isDry = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{recording.Path}/participants/imports?kind={kind}{(isDry ? "&dryRun=true" : "")}") { Content = Body(text) };
        // What is too long is refused by its length alone, and who has begun to send it may not read that any more.
        request.Headers.ExpectContinue = true;
        using var answer = await (await recording.Tenant.ClientAsync(Role.Contributor, Ct)).SendAsync(request, Ct);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private static StringContent Body(string text) => new(text, Encoding.UTF8, "text/plain");

    private static async Task<string> NamedAsync(Ledgered recording) =>
        string.Join(", ", (await Ledgered.PeopleAsync(recording.Tenant, recording.Id, Ct)).Select(person => $"{person.GetProperty("name")} {person.GetProperty("source")}"));

    private async Task PutCaptionsAsync(Ledgered recording, string text)
    {
        await using var scope = recording.Tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var asset = await shared.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Captions, "text/vtt", new MemoryStream(Encoding.UTF8.GetBytes(text)), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recording.Id, [new NewAsset(asset)], key, Actor.System, () => Task.CompletedTask, Ct);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }
}
