using System.Buffers;

namespace RecordingVault.Vault.Packages;

/// <summary>Reads a stream in blocks: while one is worked on, the next is read. Two of them are in memory, however long the stream is, and are wiped at the end.</summary>
internal static class BlocksAhead
{
    /// <summary>Large enough that what handing it over costs does not count, and small enough for a processor's cache.</summary>
    private const int BlockLength = 512 * 1024;

    /// <param name="content">Is read to its end.</param>
    /// <param name="work">Is given each block in its order, and is done with it before it is given the next. It must not compute before it returns: the next block is read meanwhile.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ReadAsync(Stream content, Func<ReadOnlyMemory<byte>, Task> work, CancellationToken cancellationToken)
    {
        var (block, next) = (ArrayPool<byte>.Shared.Rent(BlockLength), ArrayPool<byte>.Shared.Rent(BlockLength));
        var working = Task.CompletedTask;
        try
        {
            while (await content.ReadAtLeastAsync(block.AsMemory(0, BlockLength), BlockLength, throwOnEndOfStream: false, cancellationToken) is var count and > 0)
            {
                await working;
                working = work(block.AsMemory(0, count));
                (block, next) = (next, block);
            }

            await working;
        }
        finally
        {
            // Nothing is given back that somebody still works on; how that ended is told above, or does not matter any more.
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
            ArrayPool<byte>.Shared.Return(next, clearArray: true);
        }
    }
}
