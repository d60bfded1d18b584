using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Playback;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>How often a page that waits for its download asks again.</summary>
public sealed class DownloadPausesTests
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void The_longer_it_has_waited_the_longer_it_pauses_up_to_half_a_minute()
    {
        using var pauses = new DownloadPauses(clock);
        var (grant, recording) = (Guid.NewGuid(), Guid.NewGuid());
        var asked = 0;
        List<int> said = [];
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromHours(1); asked++)
        {
            var pause = pauses.Next(grant, recording, s_shortest);
            said.Add((int)pause.TotalSeconds);
            clock.Advance(pause);
            waited += pause;
        }

        Assert.Equal([5, 5, 5, 5, 5, 6], said[..6]);
        Assert.Equal(said.Order(), said);
        Assert.Equal(30, said[^1]);
        Assert.True(asked < 150, $"asked {asked} times in an hour");
    }

    [Fact]
    public void Another_wait_begins_with_the_shortest_and_so_does_one_after_it_has_come()
    {
        using var pauses = new DownloadPauses(clock);
        var (grant, recording) = (Guid.NewGuid(), Guid.NewGuid());
        pauses.Next(grant, recording, s_shortest);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(15), pauses.Next(grant, recording, s_shortest));
        Assert.Equal(s_shortest, pauses.Next(Guid.NewGuid(), recording, s_shortest));
        Assert.Equal(s_shortest, pauses.Next(grant, Guid.NewGuid(), s_shortest));
        pauses.End(grant, recording);
        Assert.Equal(s_shortest, pauses.Next(grant, recording, s_shortest));
    }
}
