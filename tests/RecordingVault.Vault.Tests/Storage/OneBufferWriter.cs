using System.IO.Pipelines;

namespace RecordingVault.Vault.Tests.Storage;

/// <summary>Hands out the same memory again and again and empties it at each flush: what is left in it was written and not counted.</summary>
internal sealed class OneBufferWriter(int length) : PipeWriter
{
    public byte[] Buffer { get; } = new byte[length];

    public long Advanced { get; private set; }

    public override void Advance(int bytes) => Advanced += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => Buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => Buffer;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Array.Clear(Buffer);
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: false));
    }
}
