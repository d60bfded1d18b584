using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace RecordingVault.Server.Platform.Hosting;

/// <summary>
/// Memory of the connections in blocks of 64 KiB instead of the framework's 4 KiB: a system call then brings sixteen times as much, and receiving
/// is what bounds an upload's speed (docs/performance.md). Connections that wait hold no block.
/// </summary>
internal sealed class ConnectionBlocks : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool();
}

/// <summary>Pinned blocks of one size. What passed through them is somebody's recording: they are wiped before they are used again.</summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    public const int BlockLength = 64 * 1024;

    /// <summary>8 MiB a pool; what is rented beyond that in a busy hour goes back to the collector.</summary>
    private const int MostIdleBlocks = 128;

    private readonly Stack<Block> idle = new();
    private readonly Lock gate = new();
    private bool disposed;

    public override int MaxBufferSize => BlockLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockLength);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (idle.TryPop(out var block))
                return block.Reuse();
        }

        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            disposed = true;
            idle.Clear();
        }
    }

    private void Return(Block block)
    {
        lock (gate)
        {
            if (!disposed && idle.Count < MostIdleBlocks)
                idle.Push(block);
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        private readonly byte[] bytes = GC.AllocateUninitializedArray<byte>(BlockLength, pinned: true);
        private int returned;

        public Memory<byte> Memory => bytes;

        public Block Reuse()
        {
            returned = 0;
            return this;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref returned, 1) != 0)
                return;
            bytes.AsSpan().Clear();
            pool.Return(this);
        }
    }
}
