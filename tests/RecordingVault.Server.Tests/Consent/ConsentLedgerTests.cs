using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>What each person said of each use: written once, never changed, the newest counts.</summary>
public sealed class ConsentLedgerTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_kept_with_when_how_and_by_whom_and_a_correction_is_a_new_record()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben", "Zoë");
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);

        using var first = await owner.PostAsJsonAsync(recording.Path + "/consents", new
        {
            participant = recording.People["Ben"],
            purpose = "share-external",
            status = "given",
            method = "spoken",
            seconds = 760.5,
            at = "2026-11-20T09:42:40Z",
            note = " At the begin. ",
            textVersion = "3",
            language = "de-AT",
        }, Ct);
        var before = await recording.StatusAsync("Ben", "share-external", Ct);
        await recording.SaidAsync("Ben", "share-external", "withdrawn", Ct);
        var records = await recording.RecordsAsync(Ct);

        Assert.Equal((HttpStatusCode.Created, "given", "withdrawn", "unknown"), (first.StatusCode, before, await recording.StatusAsync("Ben", "share-external", Ct), await recording.StatusAsync("Zoë", "share-external", Ct)));
        Assert.Equal(["withdrawn", "given"], records.Select(record => record.GetProperty("status").GetString()));
        Assert.Equal(records[1].GetProperty("id").GetGuid(), records[0].GetProperty("replaces").GetGuid());
        var spoken = records[1];
        Assert.Equal(("spoken", 760.5, "At the begin.", "3", "de-AT", "token"), (spoken.GetProperty("method").GetString(), spoken.GetProperty("seconds").GetDouble(), spoken.GetProperty("note").GetString(), spoken.GetProperty("textVersion").GetString(), spoken.GetProperty("language").GetString(), spoken.GetProperty("recordedBy").GetProperty("kind").GetString()));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 42, 40, TimeSpan.Zero), spoken.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Each_record_is_an_event_that_names_nobody_and_makes_every_node_look_again()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        var before = await CounterAsync(recording.Tenant);

        await recording.SaidAsync("Ben", "ai-training", "refused", Ct);
        var told = Assert.Single(await recording.Tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "consent.recorded");

        var details = told.GetProperty("details");
        Assert.Equal(recording.Id, told.GetProperty("target").GetProperty("id").GetGuid());
        Assert.Equal(("ai-training", "refused", "mail", $"{recording.People["Ben"]}"), (details.GetProperty("for").GetString(), details.GetProperty("status").GetString(), details.GetProperty("method").GetString(), details.GetProperty("participant").GetString()));
        Assert.DoesNotContain("Ben", details.GetRawText(), StringComparison.Ordinal);
        Assert.True(await CounterAsync(recording.Tenant) > before);
    }

    [Theory]
    [InlineData("""{"purpose":"keep","status":"given","method":"mail"}""", "participant")]
    [InlineData("""{"participant":"00000000-0000-0000-0000-000000000001","purpose":"keep","status":"given","method":"mail"}""", "participant")]
    [InlineData("""{"participant":"BEN","purpose":"legal","status":"given","method":"mail"}""", "purpose")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"yes","method":"mail"}""", "status")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"carried"}""", "method")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"spoken"}""", "seconds")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"mail","seconds":3}""", "seconds")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"spoken","seconds":-1}""", "seconds")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"mail","at":"2100-01-01T00:00:00Z"}""", "at")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"not-needed","method":"mail"}""", "lawfulBasis")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"mail","lawfulBasis":"contract"}""", "lawfulBasis")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"not-needed","method":"mail","lawfulBasis":"consent"}""", "lawfulBasis")]
    [InlineData("""{"participant":"BEN","purpose":"ai-training","status":"not-needed","method":"mail","lawfulBasis":"contract"}""", "status")]
    [InlineData("""{"participant":"BEN","purpose":"keep","status":"given","method":"mail","language":"not a tongue"}""", "language")]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_written(string body, string field)
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        using var content = new StringContent(body.Replace("BEN", $"{recording.People["Ben"]}", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");

        using var refused = await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).PostAsync(recording.Path + "/consents", content, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(field, (await refused.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Empty(await recording.RecordsAsync(Ct));
    }

    [Fact]
    public async Task A_viewer_reads_and_writes_nothing_and_another_organisation_finds_nothing()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var viewer = await recording.Tenant.ClientAsync(Role.Viewer, Ct);
        var ben = $"/api/v1/participants/{recording.People["Ben"]}";

        using var said = await recording.SayAsync("Ben", "keep", "given", Ct, Role.Viewer);
        using var added = await viewer.PostAsJsonAsync(recording.Path + "/participants", new { name = "Zoë" }, Ct);
        using var read = await viewer.GetAsync(recording.Path + "/consents", Ct);
        using var theirs = await stranger.GetAsync(recording.Path + "/consents", Ct);
        using var theirPeople = await stranger.GetAsync(recording.Path + "/participants", Ct);
        using var theirWord = await stranger.PostAsJsonAsync(recording.Path + "/consents", new { participant = recording.People["Ben"], purpose = "keep", status = "given", method = "mail" }, Ct);
        using var renamed = await stranger.PatchAsJsonAsync(ben, new { name = "Bob" }, Ct);
        using var removed = await stranger.DeleteAsync(ben, Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (said.StatusCode, added.StatusCode, read.StatusCode));
        Assert.All([theirs, theirPeople, theirWord, renamed, removed], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Empty(await recording.RecordsAsync(Ct));
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_or_delete_a_record()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        await recording.SaidAsync("Ben", "keep", "refused", Ct);

        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("UPDATE consent_records SET status = 'Given'", Ct));
        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("DELETE FROM consent_records", Ct));

        Assert.Equal("refused", Assert.Single(await recording.RecordsAsync(Ct)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Records_go_with_their_recording_when_it_is_destroyed()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben");
        await recording.SaidAsync("Ben", "keep", "given", Ct);
        (await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(recording.Path, Ct)).EnsureSuccessStatusCode().Dispose();

        vault.Clock.Advance(RecordingTrash.KeptFor + TimeSpan.FromMinutes(1));
        await using (var scope = recording.Tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DestroyAsync(recording.Id, Ct);
        var view = new VaultView(vault.Vault, recording.Tenant.Id);

        Assert.Null(await view.RecordingAsync(recording.Id));
        Assert.False(await view.RowsAsync(db => db.ConsentRecords.AnyAsync(Ct)) || await view.RowsAsync(db => db.ConsentStates.AnyAsync(Ct)));
    }

    [Fact]
    public async Task Somebody_is_corrected_and_taken_off_until_he_has_answered()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben", "Zoe");
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        await recording.SaidAsync("Ben", "keep", "given", Ct);

        using var corrected = await owner.PatchAsJsonAsync($"/api/v1/participants/{recording.People["Ben"]}", new { email = "ben@example.com" }, Ct);
        using var wrong = await owner.PatchAsJsonAsync($"/api/v1/participants/{recording.People["Ben"]}", new { name = " " }, Ct);
        using var gone = await owner.DeleteAsync($"/api/v1/participants/{recording.People["Zoe"]}", Ct);
        using var stays = await owner.DeleteAsync($"/api/v1/participants/{recording.People["Ben"]}", Ct);
        using var replaced = await owner.PatchAsJsonAsync(recording.Path, new { participants = new[] { new { name = "Claire" } } }, Ct);
        using var joined = await owner.PatchAsJsonAsync(recording.Path, new { participants = new[] { new { name = "Claire", email = (string?)null }, new { name = "Ben", email = (string?)"ben@example.com" } } }, Ct);
        var people = await Ledgered.PeopleAsync(recording.Tenant, recording.Id, Ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (corrected.StatusCode, wrong.StatusCode, gone.StatusCode));
        Assert.Equal("name", (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK), (stays.StatusCode, replaced.StatusCode, joined.StatusCode));
        Assert.Equal(("person-has-answers", "person-has-answers"), (await SharedLink.SlugAsync(stays, Ct), await SharedLink.SlugAsync(replaced, Ct)));
        Assert.Equal(["Ben ben@example.com given", "Claire  unknown"], people.Select(person => $"{person.GetProperty("name")} {person.GetProperty("email")} {person.GetProperty("consents").GetProperty("keep")}").Order(StringComparer.Ordinal));
        Assert.Contains(people, person => person.GetProperty("id").GetGuid() == recording.People["Ben"]);
        Assert.Equal(["participant.added", "participant.added", "participant.changed", "participant.removed"], (await recording.Tenant.EventTypesAsync(Ct)).Where(type => type.StartsWith("participant.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_of_records_is_paged_and_of_one_person()
    {
        var recording = await Ledgered.MakeAsync(vault.Vault, Ct, "Ben", "Zoë");
        foreach (var status in new[] { "requested", "given", "withdrawn" })
            await recording.SaidAsync("Ben", "keep", status, Ct);
        await recording.SaidAsync("Zoë", "keep", "refused", Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);

        var ofBen = $"{recording.Path}/consents?limit=2&participant={recording.People["Ben"]}";
        var first = await owner.GetFromJsonAsync<JsonElement>(ofBen, Ct);
        var second = await owner.GetFromJsonAsync<JsonElement>($"{ofBen}&cursor={first.GetProperty("nextCursor").GetString()}", Ct);
        using var elsewhere = await owner.GetAsync($"{recording.Path}/consents?cursor={first.GetProperty("nextCursor").GetString()}", Ct);

        Assert.Equal(["withdrawn", "given", "requested"], first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(record => record.GetProperty("status").GetString()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("Given", "Given", true, null)]
    [InlineData("NotNeeded", "Given", true, null)]
    [InlineData(null, "Given", true, "Expired")]
    [InlineData("Requested", "NotNeeded", true, "Expired")]
    [InlineData("Refused", "Given", true, "Refused")]
    [InlineData("Withdrawn", null, true, "Withdrawn")]
    [InlineData("Given", "Refused", true, null)]
    [InlineData("Given", null, true, null)]
    [InlineData("Given", null, false, "Given")]
    [InlineData(null, null, false, null)]
    [InlineData("Given", "Withdrawn", false, null)]
    [InlineData("Refused", "Given", false, "Refused")]
    public void What_was_said_in_two_recordings_is_joined_to_the_stricter(string? from, string? to, bool wasThere, string? expected)
    {
        static ConsentStatus? Of(string? name) => name is null ? null : Enum.Parse<ConsentStatus>(name);

        Assert.Equal(Of(expected), CarriedConsents.Joined(Of(from), Of(to), wasThere));
    }

    private static async Task<long> CounterAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Tenants.Select(row => row.Revocations).SingleAsync(Ct);
    }
}
