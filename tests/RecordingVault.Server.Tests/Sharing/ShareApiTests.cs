using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>What members do with links.</summary>
public sealed class ShareApiTests(SharedVault shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_body_makes_a_view_only_link_for_14_days()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);

        Assert.True(link.Made.GetProperty("viewOnly").GetBoolean());
        Assert.False(link.Made.GetProperty("hasPasscode").GetBoolean());
        Assert.Equal(JsonValueKind.Null, link.Made.GetProperty("recipientName").ValueKind);
        Assert.Equal("open", link.Made.GetProperty("state").GetString());
        Assert.Equal(TimeSpan.FromDays(14), link.Made.GetProperty("expiresAt").GetDateTimeOffset() - link.Made.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Matches($"^{shared.Vault.Address}s/{link.Id}#[A-Za-z0-9_-]{{43}}$", link.Url);
        Assert.True(await link.Recording.Tenant.HasEventAsync("share.created", link.Id, Cancel));
    }

    [Fact]
    public async Task A_link_says_what_it_was_made_with_and_its_secret_once()
    {
        var until = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero);

        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna", expiresAt = until, passcode = "otter-lamp-42", allowDownload = true, note = "for the offsite" });
        var read = await link.ReadAsync(Cancel);

        foreach (var told in (JsonElement[])[link.Made, read])
        {
            Assert.Equal("Anna", told.GetProperty("recipientName").GetString());
            Assert.Equal(until, told.GetProperty("expiresAt").GetDateTimeOffset());
            Assert.True(told.GetProperty("hasPasscode").GetBoolean());
            Assert.False(told.GetProperty("viewOnly").GetBoolean());
            Assert.Equal("for the offsite", told.GetProperty("note").GetString());
        }

        Assert.DoesNotContain("#", read.GetProperty("url").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Secret, read.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"expiresAt":"2999-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"passcode":"abc"}""", "passcode")]
    [InlineData("""{"passcode":""}""", "passcode")]
    public async Task A_wish_that_can_not_be_met_is_refused_by_its_name(string body, string field)
    {
        var recording = await PutAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);

        using var answer = await owner.PostAsync(recording.Path + "/shares", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_mistyped_restriction_makes_no_link()
    {
        var recording = await PutAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);

        using var answer = await owner.PostAsJsonAsync(recording.Path + "/shares", new { expires = "2027-01-01T00:00:00Z" }, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("bad-request", await SharedLink.SlugAsync(answer, Cancel));
    }

    [Theory]
    [InlineData("Viewer")]
    [InlineData("Auditor")]
    public async Task Who_may_not_share_is_told_so(string role)
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var client = await link.Recording.Tenant.ClientAsync(Enum.Parse<Role>(role), Cancel);

        using var made = await client.PostAsync(link.Recording.Path + "/shares", null, Cancel);
        using var read = await client.GetAsync(link.Path, Cancel);
        using var changed = await client.PatchAsJsonAsync(link.Path, new { allowDownload = true }, Cancel);
        using var stopped = await client.DeleteAsync(link.Path, Cancel);
        using var all = await client.PostAsync("/api/v1/shares/stop", null, Cancel);

        Assert.All([made, read, changed, stopped, all], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
    }

    [Fact]
    public async Task Another_tenants_link_is_not_there()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Cancel)).ClientAsync(Role.Owner, Cancel);

        using var listed = await stranger.GetAsync(link.Recording.Path + "/shares", Cancel);
        using var made = await stranger.PostAsync(link.Recording.Path + "/shares", null, Cancel);
        using var read = await stranger.GetAsync(link.Path, Cancel);
        using var changed = await stranger.PatchAsJsonAsync(link.Path, new { allowDownload = true }, Cancel);
        using var stopped = await stranger.DeleteAsync(link.Path, Cancel);
        using var all = await stranger.PostAsJsonAsync("/api/v1/shares/stop", new { recording = link.Recording.Id }, Cancel);

        Assert.All([listed, made, read, changed, stopped, all], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal("open", (await link.ReadAsync(Cancel)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Links_are_listed_newest_first_and_paged()
    {
        var recording = await PutAsync();
        var made = new List<Guid>();
        for (var i = 0; i < 3; i++)
            made.Insert(0, (await SharedLink.MakeAsync(recording, Cancel)).Id);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);

        var first = await owner.GetFromJsonAsync<JsonElement>(recording.Path + "/shares?limit=2", Cancel);
        var second = await owner.GetFromJsonAsync<JsonElement>($"{recording.Path}/shares?limit=2&cursor={first.GetProperty("nextCursor").GetString()}", Cancel);

        Assert.Equal(made, first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetGuid()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task Stopping_is_told_once_however_often_it_is_asked()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);

        await link.StopAsync(Cancel);
        await link.StopAsync(Cancel);

        Assert.Equal("stopped", (await link.ReadAsync(Cancel)).GetProperty("state").GetString());
        Assert.Single(await link.Recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "share.stopped");
    }

    [Fact]
    public async Task All_links_of_a_recording_or_of_the_tenant_stop_at_once()
    {
        var recording = await PutAsync();
        var other = await StoredRecording.PutAsync(shared.Vault, recording.Tenant, 1_000, Cancel);
        foreach (var which in (StoredRecording[])[recording, recording, other])
            await SharedLink.MakeAsync(which, Cancel);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);

        using var one = await owner.PostAsJsonAsync("/api/v1/shares/stop", new { recording = recording.Id }, Cancel);
        using var all = await owner.PostAsync("/api/v1/shares/stop", null, Cancel);
        using var again = await owner.PostAsync("/api/v1/shares/stop", null, Cancel);

        Assert.Equal("2 1 0", $"{await StoppedAsync(one)} {await StoppedAsync(all)} {await StoppedAsync(again)}");
        Assert.Equal(3, (await recording.Tenant.EventsAsync(Cancel)).Count(line => line.GetProperty("type").GetString() == "share.stopped"));
    }

    [Fact]
    public async Task A_change_changes_what_it_names_and_nothing_else()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna", passcode = "otter-lamp-42", note = "x" });

        using var answer = await link.ChangeAsync(new { passcode = (string?)null, allowDownload = true }, Cancel);
        var changed = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(changed.GetProperty("hasPasscode").GetBoolean());
        Assert.False(changed.GetProperty("viewOnly").GetBoolean());
        Assert.Equal("Anna", changed.GetProperty("recipientName").GetString());
        Assert.Equal("x", changed.GetProperty("note").GetString());
        Assert.Equal(link.Made.GetProperty("expiresAt").GetDateTimeOffset(), changed.GetProperty("expiresAt").GetDateTimeOffset());
        var told = Assert.Single(await link.Recording.Tenant.EventsAsync(Cancel), line => line.GetProperty("type").GetString() == "share.changed");
        Assert.Equal("passcode allowDownload", told.GetProperty("details").GetProperty("changed").GetString());
    }

    [Fact]
    public async Task A_stopped_link_can_be_opened_again()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        await link.StopAsync(Cancel);

        using var answer = await link.ChangeAsync(new { state = "open" }, Cancel);

        Assert.Equal("open", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("state").GetString());
    }

    private static async Task<int> StoppedAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("stopped").GetInt32();

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), 1_000, Cancel);
}
