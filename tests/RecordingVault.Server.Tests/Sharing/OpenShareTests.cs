using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>What people without an account do with links.</summary>
public sealed class OpenShareTests(SharedVault shared)
{
    private static readonly int[][] FirstHalf = [[0, 50]];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_proves_the_secret_watches_and_the_owner_sees_it()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna" });
        await link.Recording.LaidOutAsync(Cancel);
        var visitor = await AtAsync(link);

        using var opened = await visitor.OpenAsync(link, Cancel);
        using var content = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        var bytes = await content.Content.ReadAsByteArrayAsync(Cancel);
        using var played = await visitor.PostAsync(link.PublicPath + "/played", new { ranges = FirstHalf, duration = 100 }, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, opened.StatusCode);
        Assert.Equal(link.Recording.Leaves, bytes);
        Assert.Equal(HttpStatusCode.NoContent, played.StatusCode);
        var watched = (await link.ReadAsync(Cancel)).GetProperty("watched");
        Assert.Equal(1, watched.GetProperty("viewings").GetInt32());
        Assert.Equal(0.5, watched.GetProperty("playedShare").GetDouble());
        Assert.NotEqual(JsonValueKind.Null, watched.GetProperty("lastAt").ValueKind);
        var events = await link.Recording.Tenant.EventsAsync(Cancel);
        Assert.Equal(["viewing.started", "content.released", "share.opened"], events.Take(3).Select(line => line.GetProperty("type").GetString()));
        Assert.Equal("Anna", events[1].GetProperty("details").GetProperty("recipient").GetString());
        Assert.Equal(link.Id, events[1].GetProperty("actor").GetProperty("id").GetGuid());
        Assert.Equal("share", events[1].GetProperty("actor").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_cookie_is_for_this_link_alone_and_no_script_reads_it()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);

        using var opened = await visitor.OpenAsync(link, Cancel);

        var cookie = opened.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Secure-rvs=", StringComparison.Ordinal)).ToLowerInvariant();
        foreach (var attribute in (string[])[$"path=/s/{link.Id}", "secure", "httponly", "samesite=strict", "max-age=1800"])
            Assert.Contains(attribute, cookie.Split("; "));
    }

    [Fact]
    public async Task Opening_twice_is_the_same_as_once()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);

        for (var i = 0; i < 2; i++)
        {
            (await visitor.OpenAsync(link, Cancel)).Dispose();
            (await visitor.PostAsync(link.PublicPath + "/played", new { duration = 100 }, Cancel)).Dispose();
            (await visitor.GetAsync(link.PublicPath + "/content", Cancel)).Dispose();
        }

        var types = (await link.Recording.Tenant.EventsAsync(Cancel)).Select(line => line.GetProperty("type").GetString()).ToList();
        Assert.Equal(1, types.Count(type => type == "share.opened"));
        Assert.Equal(1, types.Count(type => type == "viewing.started"));
        Assert.Equal(1, types.Count(type => type == "content.released"));
    }

    [Fact]
    public async Task Without_the_secret_there_is_nothing_whatever_is_the_matter()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var stopped = await SharedLink.MakeAsync(shared.Vault, Cancel);
        await stopped.StopAsync(Cancel);
        var visitor = await AtAsync(link);
        var wrong = SecretToken.ToText(SecretToken.New());

        using var known = await visitor.OpenAsync(link.Id, wrong, Cancel);
        using var gone = await visitor.OpenAsync(stopped.Id, wrong, Cancel);
        using var unknown = await visitor.OpenAsync(Guid.NewGuid(), wrong, Cancel);
        using var garbage = await visitor.OpenAsync(link.Id, "garbage", Cancel);

        var bodies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var answer in (HttpResponseMessage[])[known, gone, unknown, garbage])
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            bodies.Add(WithoutTrace(await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)));
        }

        Assert.Single(bodies);
        Assert.Null(visitor.ShareCookie);
        Assert.False(await link.Recording.Tenant.HasEventAsync("share.refused", link.Id, Cancel));
    }

    [Theory]
    [InlineData("/content")]
    [InlineData("/download")]
    [InlineData("/events")]
    public async Task Without_the_cookie_there_is_nothing(string what)
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);

        using var answer = await visitor.GetAsync(link.PublicPath + what, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_cookie_of_one_link_opens_no_other()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var other = await SharedLink.MakeAsync(link.Recording, Cancel);
        var visitor = await AtAsync(link);
        (await visitor.OpenAsync(link, Cancel)).Dispose();

        using var answer = await visitor.GetAsync(other.PublicPath + "/content", Cancel);
        using var played = await visitor.PostAsync(other.PublicPath + "/played", new { }, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, played.StatusCode);
    }

    [Fact]
    public async Task The_cookie_of_a_link_opens_no_members_route()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);
        (await visitor.OpenAsync(link, Cancel)).Dispose();

        foreach (var path in (string[])[link.Recording.Path, link.Recording.Path + "/content", link.Path, "/api/v1/audit/events"])
        {
            using var answer = await visitor.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_member_is_nobody_to_a_link()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var owner = await link.Recording.Tenant.ClientAsync(Role.Owner, Cancel);

        using var content = await owner.GetAsync(link.PublicPath + "/content", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, content.StatusCode);
        Assert.False(await link.Recording.Tenant.HasEventAsync("content.released", link.Recording.Id, Cancel));
    }

    [Fact]
    public async Task A_view_only_link_gives_no_download_and_one_that_allows_it_does()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);
        (await visitor.OpenAsync(link, Cancel)).Dispose();

        using var refused = await visitor.GetAsync(link.PublicPath + "/download", Cancel);
        (await link.ChangeAsync(new { allowDownload = true }, Cancel)).Dispose();
        using var given = await visitor.GetAsync(link.PublicPath + "/download", Cancel);

        Assert.Equal("view-only", await SharedLink.SlugAsync(refused, Cancel));
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.Equal("attachment", given.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Fact]
    public async Task A_stopped_link_says_so_to_whoever_had_it_open_and_whoever_proves_it()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);
        (await visitor.OpenAsync(link, Cancel)).Dispose();

        await link.StopAsync(Cancel);
        using var content = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        using var events = await visitor.GetAsync(link.PublicPath + "/events", Cancel);
        using var opened = await (await AtAsync(link)).OpenAsync(link, Cancel);

        Assert.Equal(HttpStatusCode.Gone, content.StatusCode);
        Assert.Equal("link-stopped", await SharedLink.SlugAsync(content, Cancel));
        Assert.Contains("\"reason\":\"link-stopped\"", await events.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, opened.StatusCode);
        Assert.True(await link.Recording.Tenant.HasEventAsync("share.refused", link.Id, Cancel));
        Assert.True(await link.Recording.Tenant.HasEventAsync("content.refused", link.Recording.Id, Cancel));
    }

    [Fact]
    public async Task A_new_secret_stops_the_old_one_and_who_came_by_it()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);
        (await visitor.OpenAsync(link, Cancel)).Dispose();

        using var answer = await link.ChangeAsync(new { newSecret = true }, Cancel);
        var renewed = new SharedLink(link.Recording, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel));
        using var content = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        using var old = await visitor.OpenAsync(link, Cancel);
        using var anew = await visitor.OpenAsync(renewed, Cancel);

        Assert.NotEqual(link.Secret, renewed.Secret);
        Assert.Equal(HttpStatusCode.NotFound, content.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, anew.StatusCode);
    }

    [Fact]
    public async Task A_passcode_is_asked_for_and_counted()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { passcode = "otter-lamp-42" });
        var visitor = await AtAsync(link);

        using var needed = await visitor.OpenAsync(link, Cancel);
        using var wrong = await visitor.OpenAsync(link, Cancel, "otter-lamp-43");
        using var right = await visitor.OpenAsync(link, Cancel, " otter-lamp-42 ");

        Assert.Equal("passcode-needed", await SharedLink.SlugAsync(needed, Cancel));
        var told = await wrong.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("/problems/passcode-wrong", told.GetProperty("type").GetString());
        Assert.Equal(4, told.GetProperty("triesLeft").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        Assert.Equal(1, (await link.Recording.Tenant.EventsAsync(Cancel)).Count(line => line.GetProperty("type").GetString() == "share.refused"));
    }

    [Fact]
    public async Task Of_many_tries_at_once_five_are_looked_at_and_then_the_owner_must_set_a_new_passcode()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { passcode = "otter-lamp-42" });
        var visitor = await AtAsync(link);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => visitor.OpenAsync(link, Cancel, $"wrong {i}")));
        var slugs = await Task.WhenAll(answers.Select(answer => SharedLink.SlugAsync(answer, Cancel)));
        using var right = await visitor.OpenAsync(link, Cancel, "otter-lamp-42");

        Assert.Equal(5, slugs.Count(slug => slug == "passcode-wrong"));
        Assert.Equal(7, slugs.Count(slug => slug == "passcode-locked"));
        Assert.Equal("passcode-locked", await SharedLink.SlugAsync(right, Cancel));
        Assert.Equal("locked", (await link.ReadAsync(Cancel)).GetProperty("state").GetString());

        (await link.ChangeAsync(new { passcode = "falcon-lamp-43" }, Cancel)).Dispose();
        using var anew = await visitor.OpenAsync(link, Cancel, "falcon-lamp-43");
        Assert.Equal(HttpStatusCode.NoContent, anew.StatusCode);
    }

    [Fact]
    public async Task A_post_from_elsewhere_opens_nothing()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);

        using var answer = await shared.Vault.Bare.PostAsJsonAsync(link.PublicPath + "/open", new { secret = link.Secret }, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("cross-site", await SharedLink.SlugAsync(answer, Cancel));
    }

    [Fact]
    public async Task Two_people_with_one_link_are_two_viewings()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        for (var i = 0; i < 2; i++)
        {
            var visitor = await AtAsync(link);
            (await visitor.OpenAsync(link, Cancel)).Dispose();
            (await visitor.GetAsync(link.PublicPath + "/content", Cancel)).Dispose();
            (await visitor.PostAsync(link.PublicPath + "/played", new { }, Cancel)).Dispose();
        }

        Assert.Equal(2, (await link.ReadAsync(Cancel)).GetProperty("watched").GetProperty("viewings").GetInt32());
        Assert.Equal(2, (await link.Recording.Tenant.EventsAsync(Cancel)).Count(line => line.GetProperty("type").GetString() == "content.released"));
    }

    [Fact]
    public async Task Reports_at_the_same_time_lose_nothing_of_each_other()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await AtAsync(link);
        (await visitor.OpenAsync(link, Cancel)).Dispose();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => visitor.PostAsync(link.PublicPath + "/played", new { ranges = new[] { new[] { i * 5, (i + 1) * 5 } }, duration = 100 }, Cancel)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        var watched = (await link.ReadAsync(Cancel)).GetProperty("watched");
        Assert.Equal((1, 1.0), (watched.GetProperty("viewings").GetInt32(), watched.GetProperty("playedShare").GetDouble()));
    }

    private static string WithoutTrace(JsonElement problem) =>
        string.Join('\n', problem.EnumerateObject().Where(member => member.Name != "traceId").Select(member => $"{member.Name}={member.Value}"));

    private Task<Visitor> AtAsync(SharedLink link) => Visitor.AtAsync(shared.Vault, link.Id, Cancel);
}
