using RecordingVault.Server.Features.Playback.Captions;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>What strangers put into captions, and what of it reaches a browser.</summary>
[Trait("Run", "Once")]
public sealed class TimedTextTests
{
    [Theory]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\nHello", "00:00:01.000 --> 00:00:02.000\nHello\n")]
    [InlineData("WEBVTT\r\n\r\nname\r\n1:00:01.000 --> 1:00:02.000 align:start\r\nHello\r\nagain\r\n", "01:00:01.000 --> 01:00:02.000\nHello\nagain\n")]
    [InlineData("\uFEFF1\n00:00:01,500 --> 00:00:02,000\n{\\an8}<i>Hello</i>", "00:00:01.500 --> 00:00:02.000\nHello\n")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ana Keller>Hello</v>", "00:00:01.000 --> 00:00:02.000\n<v Ana Keller>Hello\n")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\n<script>alert(1)</script> &lt;b&gt; 3 < 4 --> x", "00:00:01.000 --> 00:00:02.000\nalert(1) &lt;b&gt; 3  x\n")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A&lt;b&gt;\u0000>Hello\u0007", "00:00:01.000 --> 00:00:02.000\n<v A&lt;b&gt;>Hello\n")]
    public void Times_voices_and_words_are_written_anew(string came, string expected) => Assert.Equal("WEBVTT\n\n" + expected, TimedText.Rewrite(came));

    [Theory]
    [InlineData("")]
    [InlineData("WEBVTT")]
    [InlineData("WEBVTT\n\nNOTE a note\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r")]
    [InlineData("WEBVTT\n\n00:02.000 --> 00:01.000\nbackwards")]
    [InlineData("WEBVTT\n\n00:01.000 --> soon\nnever")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b>")]
    [InlineData("WEBVTT\n\n00:99.000 --> 00:02:00.000\nno such second")]
    public void What_is_no_caption_is_left_out(string came) => Assert.Equal("WEBVTT\n", TimedText.Rewrite(came));

    [Fact]
    public void What_was_written_is_read_as_it_was_meant()
    {
        var cue = new Cue(TimeSpan.FromSeconds(1), new TimeSpan(0, 27, 0, 0, 5), "<v & co>", ["a --> b", "</v><c>&amp;"]);

        var again = Assert.Single(TimedText.Read(TimedText.Write([cue])));

        Assert.Equal((cue.From, cue.To, cue.Voice), (again.From, again.To, again.Voice));
        Assert.Equal(cue.Lines, again.Lines);
    }

    /// <summary>Each of these made a pattern look at every place from every place, until its time was over.</summary>
    [Theory]
    [InlineData("{\\")]
    [InlineData("<v ")]
    [InlineData("<")]
    [InlineData("&#")]
    [InlineData("00:01.000 --> ")]
    public void A_line_that_was_made_to_be_slow_is_read_like_any_other(string part)
    {
        var hostile = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));

        var cues = TimedText.Read($"00:01.000 --> 00:02.000\n{hostile}\n\n00:03.000 --> 00:04.000\n<v{new string(' ', 500_000)}\nafter");

        Assert.Equal("after", cues[^1].Lines[^1]);
    }

    [Fact]
    public void A_file_without_an_end_is_bounded()
    {
        var endless = string.Concat(Enumerable.Repeat("00:01.000 --> 00:02.000\nx\n\n", TimedText.MostCues + 10));

        Assert.Equal(TimedText.MostCues, TimedText.Read(endless).Count);
        Assert.Equal(1_000, Assert.Single(Assert.Single(TimedText.Read("00:01.000 --> 00:02.000\n" + new string('x', 500_000))).Lines).Length);
    }
}
