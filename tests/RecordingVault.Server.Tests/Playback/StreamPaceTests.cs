using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Playback;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>How far ahead of its playing somebody is sent what he may watch and not keep.</summary>
public sealed class StreamPaceTests
{
    private const double BytesPerSecond = 1000;
    private const int Second = 1000;

    private readonly FakeTimeProvider clock = new();
    private readonly Guid film = Guid.NewGuid();
    private readonly StreamPace pace;

    public StreamPaceTests() => pace = new StreamPace(clock);

    [Fact]
    public void Forty_seconds_are_sent_at_once_and_then_what_was_played()
    {
        pace.Tell(1, isStarving: false);
        Assert.Equal(40, TakeAll(0));

        clock.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(7, TakeAll(40 * Second));
    }

    [Fact]
    public void Where_nothing_is_said_time_passes_at_the_fastest_speed()
    {
        TakeAll(0);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(15, TakeAll(40 * Second));
    }

    [Fact]
    public void Who_is_paused_is_sent_nothing_more_however_long()
    {
        pace.Tell(0, isStarving: false);
        TakeAll(0);

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, TakeAll(40 * Second));
        Assert.Equal(40, pace.Ahead);
    }

    [Fact]
    public void Nobody_plays_more_than_he_was_sent()
    {
        pace.Tell(1, isStarving: false);
        TakeAll(0);

        clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(40, TakeAll(40 * Second));
    }

    [Fact]
    public void A_jump_begins_anew_and_the_place_before_it_is_kept()
    {
        pace.Tell(0, isStarving: false);
        TakeAll(0);

        Assert.Equal(40, TakeAll(900 * Second));
        Assert.Equal(0, TakeAll(40 * Second));
    }

    [Fact]
    public void A_second_page_that_begins_elsewhere_neither_frees_nor_stops_the_first()
    {
        pace.Tell(1, isStarving: false);
        var first = pace.Begin(film, 0, BytesPerSecond);
        Assert.True(pace.TryTake(first, 0, 40 * Second, BytesPerSecond));
        TakeAll(900 * Second);

        Assert.False(pace.TryTake(first, 40 * Second, Second, BytesPerSecond));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(pace.TryTake(first, 40 * Second, Second, BytesPerSecond));
        Assert.False(pace.TryTake(first, 41 * Second, Second, BytesPerSecond));
    }

    [Fact]
    public void A_jump_back_counts_for_what_was_played()
    {
        pace.Tell(0, isStarving: false);
        TakeAll(0);

        Assert.Equal(10, TakeAll(30 * Second));
    }

    [Fact]
    public void Another_file_of_the_recording_has_a_pace_of_its_own()
    {
        pace.Tell(0, isStarving: false);
        TakeAll(0);

        pace.Begin(Guid.NewGuid(), 40 * Second, BytesPerSecond);

        Assert.Equal(0, pace.Ahead);
    }

    [Fact]
    public void Who_has_nothing_left_to_play_is_sent_more_and_in_a_busy_part_much_more()
    {
        pace.Tell(1, isStarving: false);
        TakeAll(0);

        pace.Tell(1, isStarving: true);
        Assert.Equal(10, TakeAll(40 * Second));
        pace.Tell(1, isStarving: true);
        Assert.Equal(20, TakeAll(50 * Second));

        // Played well for a while, it is an average part again.
        for (var word = 0; word < 20; word++)
            pace.Tell(1, isStarving: false);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, TakeAll(70 * Second));
    }

    [Fact]
    public void Who_should_hold_little_waits_for_his_own_line()
    {
        var run = pace.Begin(film, 0, BytesPerSecond);
        pace.Tell(0, isStarving: false);
        Assert.True(pace.TryTake(run, 0, 15 * Second, BytesPerSecond));

        pace.Tell(0, isStarving: true);

        Assert.Equal(15, pace.Ahead);
    }

    [Fact]
    public void A_piece_is_ten_seconds_long_and_never_too_small_to_be_worth_an_answer()
    {
        Assert.Equal(2_500_000, StreamPace.PieceLength(250_000));
        Assert.Equal(65_536, StreamPace.PieceLength(100));
    }

    /// <summary>Asks for a place, and takes second after second until it is too early.</summary>
    private int TakeAll(int offset)
    {
        var run = pace.Begin(film, offset, BytesPerSecond);
        var seconds = 0;
        while (seconds < 1000 && pace.TryTake(run, offset + (seconds * Second), Second, BytesPerSecond))
            seconds++;
        return seconds;
    }
}
