using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping.Cutting;

namespace RecordingVault.Server.Tests.Regrouping.Cutting;

/// <summary>Spans of a recording, what is read of a request, and where moments and words are in a copy.</summary>
[Trait("Run", "Once")]
public sealed class CutSpanTests
{
    [Theory]
    [InlineData("cut:3000-5000 cut:1000-3000", "cut:1000-5000")]
    [InlineData("mute:1000-9000 cut:3000-4000", "mute:1000-3000 cut:3000-4000 mute:4000-9000")]
    [InlineData("mute:3200-3800 cut:3000-4000", "cut:3000-4000")]
    [InlineData("mute:1000-2000 mute:1500-2500 cut:2500-2600", "mute:1000-2500 cut:2500-2600")]
    public void Spans_lie_in_order_and_none_over_another(string marked, string kept) =>
        Assert.Equal(kept, EditSpans.Of(EditSpans.Read(marked).All).ToString());

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_000, 1_000)]
    [InlineData(2_000, 1_000)]
    [InlineData(3_000, 1_000)]
    [InlineData(5_500, 3_000)]
    public void A_moment_comes_earlier_by_what_was_taken_out_before_it(long at, long place) =>
        Assert.Equal(place, EditSpans.Read("cut:1000-3000 mute:3100-3200 cut:5000-6000").Place(at));

    [Theory]
    [InlineData(5.0, 4.0, "cut")]
    [InlineData(-1.0, 4.0, "cut")]
    [InlineData(5.0, 12.0, "cut")]
    [InlineData(1.0, 2.0, "blur")]
    [InlineData(0.0, 10.0, "cut")]
    [InlineData(double.NaN, 1.0, "mute")]
    public void What_can_be_no_span_of_the_recording_is_refused(double from, double to, string kind) =>
        Assert.NotNull(SpanRequest.Read([new SpanRequest(from, to, kind)], 10).Wrong);

    [Fact]
    public void A_whole_recording_is_muted_and_two_hundred_spans_are_the_most()
    {
        Assert.Equal("mute:0-10000", SpanRequest.Read([new SpanRequest(0, 10.5, "mute")], 10).Spans?.ToString());
        Assert.NotNull(SpanRequest.Read([.. Enumerable.Range(0, 200).Select(place => new SpanRequest(place, place + 0.5, "cut"))], 1_000).Spans);
        Assert.NotNull(SpanRequest.Read([.. Enumerable.Range(0, 201).Select(place => new SpanRequest(place, place + 0.5, "cut"))], 1_000).Wrong);
    }

    [Fact]
    public void Words_of_a_span_are_gone_and_what_follows_comes_earlier()
    {
        const string text = "WEBVTT\n\n00:00.500 --> 00:01.000\nhello\n\n00:01.500 --> 00:02.500\nBen speaks\n\n00:03.500 --> 00:04.500\n<v Anna>after\n\n00:05.000 --> 00:05.500\nmuted words\n\n00:06.000 --> 00:07.000\nlast\n";

        var cut = CutTexts.Cut(text, EditSpans.Read("cut:2000-4000 mute:5200-5400"));

        Assert.Equal("WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nhello\n\n00:00:04.000 --> 00:00:05.000\nlast\n", cut);
        Assert.Null(CutTexts.Cut("12:03 Ben: hello everybody", EditSpans.Read("cut:2000-4000")));
    }

    [Fact]
    public void Chapters_move_and_those_that_begin_in_a_span_are_gone()
    {
        RecordingChapter[] chapters = [new(0, 2.5, "Greeting"), new(2.5, 6, "Ben’s part"), new(6, 9, "Plan")];
        RecordingChapter[] moved = [new(0, 2, "Greeting"), new(4, 7, "Plan")];

        Assert.Equal(moved, CutTexts.Cut(chapters, EditSpans.Read("cut:2000-4000")));
    }

    [Theory]
    [InlineData(2.01, 5, "cut:2010-4500")]
    [InlineData(64.002, 70, "mute:64002-69500")]
    [InlineData(1, 5, "mute:1500-4900")]
    public void A_title_goes_with_its_chapter_where_hardly_more_than_its_beginning_is_left(double from, double to, string spans) =>
        Assert.Empty(CutTexts.Cut([new RecordingChapter(from, to, "Ben’s part")], EditSpans.Read(spans)));
}
