using System.Net;
using RecordingVault.Server.Features.UsageTags.Crawlers;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Architecture;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>AI crawlers are told no by name, and turned away where they ask all the same.</summary>
public sealed class CrawlerTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot", "GPTBot")]
    [InlineData("claudebot", "ClaudeBot")]
    [InlineData("Mozilla/5.0 (compatible; Claude-User/1.0)", "Claude-User")]
    [InlineData("notGPTBot/1.0", null)]
    [InlineData("GPTBot-lookalike", null)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36", null)]
    [InlineData("", null)]
    public void A_name_is_found_as_a_word_of_its_own(string agent, string? name) => Assert.Equal(name, AiCrawlers.Find(agent));

    [Fact]
    public void The_list_names_its_source_and_its_date_and_each_crawler_once()
    {
        var file = Checkout.Read("src/RecordingVault.Server/Features/UsageTags/Crawlers/crawlers.txt");

        Assert.Matches("(?m)^# Source: ", file);
        Assert.Matches(@"(?m)^# Date: \d{4}-\d\d-\d\d$", file);
        Assert.InRange(AiCrawlers.Names.Count, 25, 500);
        Assert.Equal(AiCrawlers.Names, AiCrawlers.Names.Distinct(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task It_gets_403_at_every_link_and_all_content_and_a_person_does_not()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), 1_000, Ct);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        foreach (var path in new[] { $"/s/{Guid.NewGuid()}", $"/s/{Guid.NewGuid()}/content", recording.Path + "/content", recording.Path + "/download", recording.Path + "/poster" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.UserAgent.ParseAdd("GPTBot/1.2");
            using var refused = await owner.SendAsync(request, Ct);

            Assert.Equal((HttpStatusCode.Forbidden, "crawler-refused"), (refused.StatusCode, await SharedLink.SlugAsync(refused, Ct)));
            Assert.Equal("train-ai=n, search=n", Assert.Single(refused.Headers.GetValues("Content-Usage")));
        }

        using var watched = await owner.GetAsync(recording.Path + "/content", Ct);
        Assert.Equal(HttpStatusCode.OK, watched.StatusCode);
        Assert.DoesNotContain(await recording.Tenant.EventTypesAsync(Ct), type => type == "content.refused");
    }

    [Theory]
    [InlineData("/robots.txt")]
    [InlineData("/ai.txt")]
    [InlineData("/.well-known/tdmrep.json")]
    [InlineData("/license.xml")]
    public async Task It_may_read_that_it_may_not(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.UserAgent.ParseAdd("GPTBot/1.2");
        using var answer = await shared.Vault.Bare.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Robots_txt_names_every_one_of_them_in_a_group_that_allows_nothing()
    {
        var lines = (await shared.Vault.Bare.GetStringAsync("/robots.txt", Ct)).Split('\n').ToList();
        var ai = await shared.Vault.Bare.GetStringAsync("/ai.txt", Ct);

        Assert.Equal([.. AiCrawlers.Names.Select(name => $"User-agent: {name}"), "Disallow: /"], lines.SkipWhile(line => line != $"User-agent: {AiCrawlers.Names[0]}").Take(AiCrawlers.Names.Count + 1));
        Assert.DoesNotContain(lines, line => line.StartsWith("Allow", StringComparison.Ordinal));
        Assert.Equal(["User-Agent: *", "Disallow: /", "Disallow: *"], ai.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_preview_of_a_link_shows_neither_title_nor_picture_and_says_noai()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(link.Url).AbsolutePath);
        request.Headers.UserAgent.ParseAdd("Slackbot-LinkExpanding/1.0");
        using var answer = await shared.Vault.Bare.SendAsync(request, Ct);
        var page = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("A title with a marker", page, StringComparison.Ordinal);
        Assert.DoesNotContain("og:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/poster", page, StringComparison.Ordinal);
        Assert.Matches("<meta name=\"robots\" content=\"[^\"]*noindex[^\"]*noai", page);
    }
}
