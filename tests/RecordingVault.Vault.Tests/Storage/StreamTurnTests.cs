using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class StreamTurnTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(512 * 1024)]
    [InlineData(3 * MiB)]
    public void A_stream_gives_way_after_two_mebibytes_at_the_latest_and_begins_anew(int step)
    {
        var turn = new StreamTurn();
        var since = 0;
        for (var moved = 0; moved < 20 * MiB; moved += step)
        {
            since += step;
            if (turn.IsOverAfter(step)) since = 0;
            Assert.True(since < 2 * MiB, "It went on and on.");
        }
    }

    [Fact]
    public async Task A_stream_gives_way_after_half_a_mebibyte_when_somebody_stands_in_the_queue()
    {
        using var release = new ManualResetEventSlim();
        // More work than the pool has threads, all of it waiting: the rest stands in the queue.
        var crowd = Enumerable.Range(0, 256).Select(_ => Task.Run(release.Wait)).ToArray();
        try
        {
            var turn = new StreamTurn();
            Assert.False(turn.IsOverAfter(1));
            Assert.True(turn.IsOverAfter(MiB / 2));
        }
        finally
        {
            release.Set();
        }
        await Task.WhenAll(crowd);
    }
}
