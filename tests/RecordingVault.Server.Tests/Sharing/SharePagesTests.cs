using System.Net;
using System.Net.Http.Json;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>The page of a link: what it shows before and after the secret is proved.</summary>
public sealed class SharePagesTests(SharedVault shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_the_secret_is_proved_the_page_names_nobody_and_is_the_same_for_every_id()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var visitor = new Visitor(shared.Vault);

        var known = await TextAsync(visitor, link.Id);
        var unknown = await TextAsync(visitor, Guid.NewGuid());

        foreach (var name in (string[])["Anna Known", "A title with a marker", link.Recording.Tenant.Name, link.Recording.Tenant.Owner.Name])
            Assert.DoesNotContain(name, known, StringComparison.Ordinal);
        Assert.Equal(Shape(known), Shape(unknown));
    }

    [Fact]
    public async Task With_the_cookie_the_page_is_the_film_and_without_a_right_to_download_there_is_no_way_to_it()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known" });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();

        var film = await TextAsync(visitor, link.Id);

        Assert.Contains("A title with a marker", film, StringComparison.Ordinal);
        Assert.Contains(link.PublicPath + "/content", film, StringComparison.Ordinal);
        Assert.DoesNotContain("/download", film, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Secret, film, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_is_over_says_so_with_410_to_whoever_had_it_open_and_shows_the_gate_to_others()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();
        await link.StopAsync(Cancel);

        using var had = await visitor.LoadAsync(link.Id, Cancel);
        using var other = await new Visitor(shared.Vault).LoadAsync(link.Id, Cancel);

        Assert.Equal(HttpStatusCode.Gone, had.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Who_proved_the_secret_hears_who_shares_with_whom()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel, new { recipientName = "Anna Known", passcode = "otter-lamp-42" });
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);

        using var needed = await visitor.OpenAsync(link, Cancel);
        var told = await needed.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancel);

        Assert.Equal("Anna Known", told.GetProperty("recipientName").GetString());
        Assert.Equal(link.Recording.Tenant.Owner.Name, told.GetProperty("sharedBy").GetString());
        Assert.Equal(link.Made.GetProperty("expiresAt").GetDateTimeOffset(), told.GetProperty("endsAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Leaving_gives_the_cookie_up()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Cancel);
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Cancel);
        (await visitor.OpenAsync(link, Cancel)).EnsureSuccessStatusCode();

        (await visitor.PostAsync(link.PublicPath + "/leave", new { }, Cancel)).EnsureSuccessStatusCode();

        Assert.Null(visitor.ShareCookie);
        using var content = await visitor.GetAsync(link.PublicPath + "/content", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, content.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("next Tuesday")]
    public async Task A_chosen_end_that_nobody_can_read_makes_no_link(string until)
    {
        var recording = (await SharedLink.MakeAsync(shared.Vault, Cancel)).Recording;
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(recording.Tenant.Owner, Cancel);
        var path = $"/recordings/{recording.Id}/share";

        using var answer = await browser.PostFormAsync(path, [("recipientName", "Anna Known"), ("may", "watch"), ("days", "custom"), ("until", until), ("withPasscode", "true"), ("passcode", "of my own 7")], Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("Choose the date and time at which the link ends.", page, StringComparison.Ordinal);
        // Nothing that was chosen is lost.
        Assert.Contains("Anna Known", page, StringComparison.Ordinal);
        Assert.Contains("value=\"of my own 7\"", page, StringComparison.Ordinal);
        Assert.Equal("custom", System.Text.RegularExpressions.Regex.Match(page, "<option value=\"(?<days>[^\"]+)\" selected").Groups["days"].Value);
        Assert.Equal(1, (await recording.Tenant.EventTypesAsync(Cancel)).Count(type => type == "share.created"));
    }

    /// <summary>What is left of a page when ids and antiforgery tokens are taken out.</summary>
    private static string Shape(string page) =>
        System.Text.RegularExpressions.Regex.Replace(page, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|CfDJ8[\\w-]+", "", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    private static async Task<string> TextAsync(Visitor visitor, Guid shareId)
    {
        using var page = await visitor.LoadAsync(shareId, Cancel);
        return await page.Content.ReadAsStringAsync(Cancel);
    }
}
