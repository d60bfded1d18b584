using RecordingVault.Server.Features.Sharing;

namespace RecordingVault.Server.Tests.Sharing;

[Trait("Run", "Once")]
public sealed class PlayedPartsTests
{
    private const double Hour = 3600;

    [Fact]
    public void Reports_of_ten_seconds_count_each_hundredth_once()
    {
        var reports = Enumerable.Range(0, 360).Select(i => new PlayedRange(i * 10, (i * 10) + 10));

        var parts = reports.Aggregate(PlayedParts.None, (parts, report) => PlayedParts.Add(parts, [report], Hour));

        Assert.Equal(new string('1', 100), parts);
        Assert.Equal(1, PlayedParts.Share(parts));
    }

    [Fact]
    public void What_was_played_twice_counts_twice_and_nine_times_at_most()
    {
        var parts = PlayedParts.None;
        for (var i = 0; i < 12; i++)
            parts = PlayedParts.Add(parts, [new PlayedRange(0, 36)], Hour);

        Assert.Equal('9', parts[0]);
        Assert.Equal('0', parts[1]);
        Assert.Equal(0.01, PlayedParts.Share(parts));
    }

    [Fact]
    public void Nothing_played_is_nothing() => Assert.Equal(0, PlayedParts.Share(PlayedParts.Add(PlayedParts.None, [new PlayedRange(5, 5)], Hour)));

    [Theory]
    [InlineData("""[[0,1],[5,2]]""")]
    [InlineData("""[[0]]""")]
    [InlineData("""[[-1,2]]""")]
    [InlineData("""[null]""")]
    public void A_report_that_makes_no_sense_is_refused(string ranges) =>
        Assert.Equal("ranges", new PlayedRequest(System.Text.Json.JsonSerializer.Deserialize<List<IReadOnlyList<double>?>>(ranges), Hour).Check()?.Field);

    [Fact]
    public void A_report_says_how_long_the_recording_is() => Assert.Equal("duration", new PlayedRequest([[0, 1]], null).Check()?.Field);
}
