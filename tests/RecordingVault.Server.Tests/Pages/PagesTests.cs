using AngleSharp.Dom;
using Microsoft.AspNetCore.Components;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public sealed class PagesTests
{
    public static TheoryData<SamplePage> Samples => [.. SamplePages.All];

    [Theory, MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public async Task A_page_has_one_heading_a_language_and_a_main_part(SamplePage page)
    {
        var document = await RenderedPage.DocumentAsync(page);

        Assert.Single(document.QuerySelectorAll("h1"));
        Assert.Single(document.QuerySelectorAll("main"));
        Assert.True(document.DocumentElement.GetAttribute("lang") is "en" or "de");
        Assert.False(string.IsNullOrWhiteSpace(document.Title));
    }

    [Theory, MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public async Task A_page_says_to_machines_that_it_is_not_for_them(SamplePage page)
    {
        var document = await RenderedPage.DocumentAsync(page);

        Assert.Equal("1", document.QuerySelector("meta[name=tdm-reservation]")?.GetAttribute("content"));
        Assert.Contains("noindex", document.QuerySelector("meta[name=robots]")?.GetAttribute("content"), StringComparison.Ordinal);
        Assert.Contains("noai", document.QuerySelector("meta[name=robots]")?.GetAttribute("content"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public async Task A_page_needs_no_loosened_content_security_policy(SamplePage page)
    {
        var document = await RenderedPage.DocumentAsync(page);

        Assert.Empty(document.QuerySelectorAll("[style], style"));
        Assert.DoesNotContain(document.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.All(document.QuerySelectorAll("script"), script => Assert.StartsWith("/app/", script.GetAttribute("src"), StringComparison.Ordinal));
        Assert.All(document.QuerySelectorAll("link[href]"), link => Assert.StartsWith("/app/", link.GetAttribute("href"), StringComparison.Ordinal));
        Assert.DoesNotContain(document.All, element => element.GetAttribute("href")?.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) == true);
    }

    [Theory, MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public async Task A_form_sends_the_antiforgery_token_back(SamplePage page)
    {
        var document = await RenderedPage.DocumentAsync(page);

        Assert.All(
            document.QuerySelectorAll("form").Where(form => form.GetAttribute("method") is "post"),
            form => Assert.NotNull(form.QuerySelector("input[type=hidden][name=__RequestVerificationToken]")));
    }

    [Fact]
    public async Task A_password_is_typed_masked_and_its_field_says_to_password_keepers_which_it_is()
    {
        var fields = new List<IElement>();
        foreach (var page in SamplePages.All)
            fields.AddRange((await RenderedPage.DocumentAsync(page)).QuerySelectorAll("input").Where(input => input.GetAttribute("name")?.Contains("password", StringComparison.OrdinalIgnoreCase) == true));

        Assert.InRange(fields.Count, 8, 1_000);
        Assert.All(fields, field => Assert.Equal("password", field.GetAttribute("type")));
        Assert.All(fields, field => Assert.True(field.GetAttribute("autocomplete") is "current-password" or "new-password", field.OuterHtml));
    }

    [Theory, MemberData(nameof(Samples), DisableDiscoveryEnumeration = true)]
    public async Task Nothing_on_a_page_points_to_what_is_not_there(SamplePage page)
    {
        var document = await RenderedPage.DocumentAsync(page);
        var ids = document.QuerySelectorAll("[id]").Select(element => element.Id!).ToList();
        var known = ids.ToHashSet(StringComparer.Ordinal);

        Assert.Equal(ids.Count, known.Count);
        Assert.All(Named("label", "for").Concat(Named("[aria-describedby]", "aria-describedby")).Concat(Named("[aria-labelledby]", "aria-labelledby")), id => Assert.True(known.Contains(id), id));
        Assert.All(document.QuerySelectorAll("a"), link => Assert.False(link.GetAttribute("href") is "#" or "" or null));
        Assert.All(Named("use", "href"), icon => Assert.True(known.Contains(icon[1..]), icon));

        IEnumerable<string> Named(string selector, string attribute) =>
            document.QuerySelectorAll(selector).SelectMany(element => element.GetAttribute(attribute)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
    }

    [Theory]
    [InlineData("library", "/ /upload /links /people /exports /retention /audit /settings/profile")]
    [InlineData("library-viewer", "/ /people /retention /settings/profile")]
    [InlineData("audit-auditor", "/audit /settings/profile")]
    public async Task The_rail_leads_only_where_the_role_may_go(string sample, string expected)
    {
        var document = await RenderedPage.DocumentAsync(SamplePages.All.Single(page => string.Equals(page.Name, sample, StringComparison.Ordinal)));

        Assert.Equal(expected, string.Join(' ', document.QuerySelectorAll(".rail-nav a").Select(entry => entry.GetAttribute("href"))));
        Assert.Equal(expected.Split(' ')[0], document.QuerySelector(".brand")!.GetAttribute("href"));
    }

    [Fact]
    public void Every_page_of_the_server_has_a_sample()
    {
        var pages = typeof(PageFrame).Assembly.GetTypes()
            .Where(type => typeof(IComponent).IsAssignableFrom(type) && type.Name.EndsWith("Page", StringComparison.Ordinal));

        Assert.Empty(pages.Except(SamplePages.All.Select(sample => sample.Component)));
    }

    [Fact]
    public async Task The_client_carries_no_icon_that_no_page_uses()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in SamplePages.All)
        {
            var document = await RenderedPage.DocumentAsync(page);
            used.UnionWith(document.QuerySelectorAll("symbol").Select(symbol => symbol.Id![2..]));
        }

        Assert.Empty(IconSheet.Known.Except(used, StringComparer.Ordinal));
    }
}
