using RecordingVault.Server.Features.Sharing;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>The heat strip in words.</summary>
public sealed class PlayedStretchTests
{
    [Fact]
    public void Neighbours_that_were_played_equally_often_are_one_stretch()
    {
        var parts = Enumerable.Repeat(1, 50).Concat(Enumerable.Repeat(3, 25)).Concat(Enumerable.Repeat(0, 25)).ToList();

        Assert.Equal(
            [new PlayedStretch("0:00", "1:00", 1), new PlayedStretch("1:00", "1:30", 3), new PlayedStretch("1:30", "2:00", 0)],
            PlayedStretch.Of(parts, TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void Without_a_length_places_are_told_in_hundredths() =>
        Assert.Equal([new PlayedStretch("0 %", "50 %", 0), new PlayedStretch("50 %", "100 %", 2)], PlayedStretch.Of([0, 2], duration: null));
}
