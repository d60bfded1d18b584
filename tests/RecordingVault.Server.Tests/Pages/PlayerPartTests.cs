using AngleSharp.Html.Parser;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>What the server writes of the player, before any script has run.</summary>
public sealed class PlayerPartTests
{
    [Fact]
    public async Task Without_scripts_the_browsers_own_player_stands_there_with_poster_and_captions()
    {
        var page = await PageAsync("viewer-en");

        var bare = new HtmlParser().ParseDocument(page.QuerySelector(".player noscript")!.InnerHtml).QuerySelector("video")!;

        Assert.True(bare.HasAttribute("controls"));
        Assert.Equal("none", bare.GetAttribute("preload"));
        Assert.EndsWith("/content", bare.GetAttribute("src"), StringComparison.Ordinal);
        Assert.EndsWith("/poster", bare.GetAttribute("poster"), StringComparison.Ordinal);
        Assert.Equal("captions", bare.QuerySelector("track")!.GetAttribute("kind"));
    }

    [Fact]
    public async Task The_film_itself_is_named_but_not_fetched_before_play_is_pressed()
    {
        var page = await PageAsync("recording");

        var film = page.QuerySelector(".player-stage > video")!;

        Assert.Null(film.GetAttribute("src"));
        Assert.Equal("none", film.GetAttribute("preload"));
        Assert.EndsWith("/content", page.QuerySelector("[data-player]")!.GetAttribute("data-src"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chapters_stand_on_the_axis_and_beside_the_film()
    {
        var page = await PageAsync("recording-chapters");

        Assert.Equal(["85.1", "501.4"], page.QuerySelectorAll(".ticks rect").Select(tick => tick.GetAttribute("x")));
        Assert.Equal(["Arriving", "What the spring taught us", "Three experiments <b>"], page.QuerySelectorAll("[data-transcript] .line [data-words]").Select(line => line.TextContent));
        Assert.Equal("4:06", page.QuerySelectorAll("[data-transcript] .line time")[1].TextContent);
        Assert.Null(page.QuerySelector("[data-find]"));
    }

    [Fact]
    public async Task Of_several_languages_one_is_chosen_or_none()
    {
        var page = await PageAsync("recording-languages");

        Assert.Equal(["0", "1", "-1"], page.QuerySelectorAll("[data-captions] option").Select(option => option.GetAttribute("value")));
        Assert.Equal(2, page.QuerySelectorAll(".player-stage > video track").Length);
    }

    [Fact]
    public async Task A_recording_of_sound_alone_has_no_picture_to_take_out_and_no_words_to_read()
    {
        var page = await PageAsync("recording-audio");

        Assert.Null(page.QuerySelector("[data-do=picture]"));
        Assert.Null(page.QuerySelector("[data-transcript]"));
        Assert.Null(page.QuerySelector("canvas.filmstrip"));
    }

    private static Task<AngleSharp.Html.Dom.IHtmlDocument> PageAsync(string sample) => RenderedPage.DocumentAsync(SamplePages.All.Single(page => string.Equals(page.Name, sample, StringComparison.Ordinal)));
}
