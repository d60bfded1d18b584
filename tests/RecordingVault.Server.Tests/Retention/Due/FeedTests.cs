using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Retention.Due.Feed;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>A calendar program reads how many end on which day, by a password of its own that stands in no address, and for as long as its member belongs to the organisation.</summary>
public sealed partial class FeedTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private const string Address = "/calendar/due.ics";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_days_and_numbers_and_no_title()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        await house.RecordingAsync(Ct);
        await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P20D");
        vault.Clock.Advance(TimeSpan.FromDays(1));
        await house.NightAsync(Ct);
        var (user, password) = await MakeAsync(house);

        using var answer = await ReadAsync(user, password);
        using var again = await ReadAsync(user, password);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        var day = vault.Clock.GetUtcNow().AddDays(19).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal((HttpStatusCode.OK, "text/calendar", true), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.NoStore));
        Assert.Contains($"DTSTART;VALUE=DATE:{day}\r\n", text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:2 recordings end\r\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split("BEGIN:VEVENT").Skip(1));
        Assert.DoesNotContain("A title with a marker", text, StringComparison.Ordinal);
        Assert.Equal(Uid().Match(text).Value, Uid().Match(await again.Content.ReadAsStringAsync(Ct)).Value);
        Assert.NotNull(await house.ReadAsync(db => db.DueFeeds.Select(feed => feed.LastUsedAt).SingleAsync(Ct)));
        Assert.Single(await house.EventsAsync("retention.feed-made", Ct));
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_user_and_none_are_the_same_no_and_guessing_is_slowed()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (user, password) = await MakeAsync(house);
        var other = SecretToken.ToText(SecretToken.New());

        using var none = await vault.Vault.Bare.GetAsync(Address, Ct);
        using var wrong = await ReadAsync(user, other);
        using var unknown = await ReadAsync(Guid.NewGuid().ToString(), password);
        using var garbage = await ReadAsync("anna", "secret");
        HttpStatusCode last = default;
        for (var tries = 0; tries < 25 && last is not HttpStatusCode.TooManyRequests; tries++)
        {
            using var guess = await ReadAsync(user, other, address: "127.9.9.9");
            last = guess.StatusCode;
        }

        Assert.All([none, wrong, unknown, garbage], answer => Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (answer.StatusCode, Assert.Single(answer.Headers.WwwAuthenticate).Scheme)));
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task It_ends_when_it_is_taken_back_and_with_the_membership_and_does_not_wake_when_somebody_comes_back()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (own, member) = (await MakeAsync(house), await house.Tenant.AddAsync(Role.Viewer, Ct));
        var theirs = await MakeAsync(house, member);
        using var owner = await house.SignedInAsync(Ct);
        using var others = await owner.PostFormAsync($"/retention/feeds/{theirs.User}/revoke", [], Ct, "/retention/calendar");
        using var back = await owner.PostFormAsync($"/retention/feeds/{own.User}/revoke", [], Ct, "/retention/calendar");
        using var revoked = await ReadAsync(own.User, own.Password);
        using var standing = await ReadAsync(theirs.User, theirs.Password);
        var now = vault.Clock.GetUtcNow();
        await house.ChangeAsync(db => db.Memberships.Where(row => row.MemberId == member.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), Ct));
        using var left = await ReadAsync(theirs.User, theirs.Password);
        await house.ChangeAsync(db => db.Memberships.Where(row => row.MemberId == member.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, (DateTimeOffset?)null).SetProperty(row => row.CreatedAt, now.AddSeconds(1)), Ct));
        using var cameBack = await ReadAsync(theirs.User, theirs.Password);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Redirect), (others.StatusCode, back.StatusCode));
        Assert.Equal(HttpStatusCode.OK, standing.StatusCode);
        Assert.All([revoked, left, cameBack], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Single(await house.EventsAsync("retention.feed-revoked", Ct));
    }

    [Fact]
    public async Task An_auditor_has_none_and_three_are_the_most()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        using var auditor = await house.SignedInAsync(Ct, await house.Tenant.AddAsync(Role.Auditor, Ct));
        using var refused = await auditor.GetAsync("/retention/calendar", Ct);
        using var owner = await house.SignedInAsync(Ct);
        for (var made = 0; made < 3; made++)
            (await owner.PostFormAsync("/retention/calendar", [], Ct)).EnsureSuccessStatusCode().Dispose();
        using var fourth = await owner.PostFormAsync("/retention/calendar", [], Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        using var stale = await owner.PostFormAsync("/retention/calendar", [], Ct);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, fourth.StatusCode);
        Assert.StartsWith("/signin/again", stale.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal(3, await house.ReadAsync(db => db.DueFeeds.CountAsync(Ct)));
    }

    [Fact]
    public void Lines_are_folded_at_75_bytes_and_never_within_a_character()
    {
        var folded = DueCalendar.Folded("SUMMARY:" + new string('ü', 100));
        var lines = folded.Split("\r\n");

        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 75));
        Assert.All(lines.Skip(1), line => Assert.StartsWith(" ", line, StringComparison.Ordinal));
        Assert.Equal("SUMMARY:" + new string('ü', 100), string.Concat(lines.Select((line, at) => at == 0 ? line : line[1..])));
        Assert.Equal("a\\, b\\; c\\\\d\\ne", DueCalendar.Escaped("a, b; c\\d\ne"));
    }

    private static async Task<(string User, string Password)> MakeAsync(DueHouse house, TestMember? member = null)
    {
        using var browser = await house.SignedInAsync(Ct, member);
        using var made = await browser.PostFormAsync("/retention/calendar", [], Ct);
        var page = await made.Content.ReadAsStringAsync(Ct);
        return (Shown("feed-user", page), Shown("feed-password", page));
    }

    private static string Shown(string id, string page) => Regex.Match(page, $"id=\"{id}\"[^>]* value=\"([^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;

    private async Task<HttpResponseMessage> ReadAsync(string user, string password, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address ?? $"127.{Random.Shared.Next(10, 250)}.{Random.Shared.Next(250)}.7");
        return await vault.Vault.Bare.SendAsync(request, Ct);
    }

    [GeneratedRegex("UID:[^\r]+")]
    private static partial Regex Uid();
}
