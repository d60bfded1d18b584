using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

public sealed class AmountTests
{
    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(9_949_999, "9.9 MB")]
    [InlineData(9_950_000, "10 MB")]
    [InlineData(1_612_000_000, "1.6 GB")]
    public void A_size_is_written_as_people_write_it(long lengthInBytes, string expected) =>
        Assert.Equal(expected, Amount.Bytes(lengthInBytes));

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(1, 1_000_000, 1)]
    [InlineData(999_999, 1_000_000, 99)]
    [InlineData(1_000_000, 1_000_000, 100)]
    [InlineData(5, 0, 0)]
    public void A_percentage_is_never_100_before_the_end_and_never_0_after_the_start(long done, long whole, int expected) =>
        Assert.Equal(expected, Amount.Percent(done, whole));

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(2892, "48:12")]
    [InlineData(5073, "1:24:33")]
    public void A_length_is_written_as_a_clock_does(int seconds, string expected) =>
        Assert.Equal(expected, Amount.Clock(TimeSpan.FromSeconds(seconds)));
}
