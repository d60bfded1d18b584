using RecordingVault.Server.Features.Retention.Dates;

namespace RecordingVault.Server.Tests.Retention.Dates;

[Trait("Run", "Once")]
public sealed class RetentionPeriodTests
{
    [Theory]
    [InlineData("P0D")]
    [InlineData("P100D")]
    [InlineData("P6M")]
    [InlineData("P200Y")]
    [InlineData("P73200D")]
    public void A_period_is_read_and_written_alike(string text) => Assert.Equal(text, RetentionPeriod.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PD")]
    [InlineData("100D")]
    [InlineData("P-1D")]
    [InlineData("P+1D")]
    [InlineData("P1.5D")]
    [InlineData("P1W")]
    [InlineData("p1D")]
    [InlineData("P1Y6M")]
    [InlineData("P 1D")]
    [InlineData("P201Y")]
    [InlineData("P99999D")]
    [InlineData("P1234567D")]
    public void What_is_no_period_is_refused(string? text) => Assert.False(RetentionPeriod.TryParse(text, out _));

    [Theory]
    [InlineData("P1M", "2026-01-31", "2026-02-28")]
    [InlineData("P1M", "2028-01-31", "2028-02-29")]
    [InlineData("P1Y", "2028-02-29", "2029-02-28")]
    [InlineData("P30D", "2026-02-01", "2026-03-03")]
    [InlineData("P0D", "2026-02-01", "2026-02-01")]
    public void It_is_reckoned_by_the_calendar(string period, string from, string to) =>
        Assert.Equal(At(to), RetentionPeriod.Parse(period).After(At(from)));

    [Theory]
    [InlineData("P31D", "P30D", true)]
    [InlineData("P30D", "P31D", false)]
    [InlineData("P12M", "P1Y", true)]
    [InlineData("P11M", "P1Y", false)]
    [InlineData("P1Y", "P12M", true)]
    [InlineData("P1Y", "P13M", false)]
    [InlineData("P30D", "P1M", false)]
    [InlineData("P31D", "P1M", true)]
    [InlineData("P1M", "P29D", false)]
    [InlineData("P1M", "P28D", true)]
    [InlineData("P1Y", "P366D", false)]
    [InlineData("P366D", "P1Y", true)]
    public void Only_what_is_never_shorter_counts_as_raised(string period, string other, bool expected)
    {
        var (one, two) = (RetentionPeriod.Parse(period), RetentionPeriod.Parse(other));

        Assert.Equal(expected, one.IsNeverShorterThan(two));
        if (expected)
            Assert.All(Enumerable.Range(0, 1_500).Select(day => At("2026-01-01").AddDays(day)), from => Assert.True(one.After(from) >= two.After(from)));
    }

    private static DateTimeOffset At(string day) => new(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
}
