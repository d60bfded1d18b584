using RecordingVault.Server.Features.Playback;

namespace RecordingVault.Server.Tests.Playback;

[Trait("Run", "Once")]
public sealed class ByteRangeTests
{
    [Theory]
    [InlineData(null, 0, 1000)]
    [InlineData("bytes=0-999", 0, 1000)]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-", 0, 1000)]
    [InlineData("bytes=999-", 999, 1)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=10-5000", 10, 990)]
    [InlineData("bytes=10-9223372036854775807", 10, 990)]
    [InlineData("bytes=-1", 999, 1)]
    [InlineData("bytes=-1000", 0, 1000)]
    [InlineData("bytes=-5000", 0, 1000)]
    [InlineData("BYTES=1-2", 1, 2)]
    public void A_range_is_what_it_says(string? header, long offset, long length)
    {
        var range = ByteRange.Read(header, 1000);

        Assert.Equal((offset, length), (range.Offset, range.Length));
        Assert.Equal(header is null ? ByteRangeKind.Whole : ByteRangeKind.Part, range.Kind);
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=1000-1001")]
    [InlineData("bytes=-0")]
    public void A_range_behind_the_end_can_not_be_had(string header) => Assert.Equal(ByteRangeKind.Unsatisfiable, ByteRange.Read(header, 1000).Kind);

    [Theory]
    [InlineData("bytes=0-")]
    [InlineData("bytes=-1")]
    public void Nothing_of_empty_content_can_be_had(string header) => Assert.Equal(ByteRangeKind.Unsatisfiable, ByteRange.Read(header, 0).Kind);

    [Theory]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=0-1, -1")]
    public void Several_ranges_are_told_apart(string header) => Assert.Equal(ByteRangeKind.Several, ByteRange.Read(header, 1000).Kind);

    [Theory]
    [InlineData("bytes=")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes 0-1")]
    [InlineData("items=0-1")]
    [InlineData("bytes=99999999999999999999-")]
    public void What_is_no_range_is_ignored(string header) => Assert.Equal(ByteRange.Whole(1000), ByteRange.Read(header, 1000));
}
