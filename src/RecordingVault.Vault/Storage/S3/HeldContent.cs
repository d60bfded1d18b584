using System.Net;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// The body of a request, sent from memory that goes back to a pool. A request that was cancelled may still be writing when its caller hears of it: what
/// is in the memory by then could be another recording's plaintext. So the caller closes the body and waits until nobody reads it any more.
/// </summary>
internal sealed class HeldContent(ReadOnlyMemory<byte> bytes) : HttpContent
{
    private readonly Lock gate = new();
    private Task writing = Task.CompletedTask;
    private bool isClosed;

    /// <summary>Completes when the memory may be used for something else. Nothing is read from it afterwards.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            isClosed = true;
            return writing;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (isClosed) throw new IOException("The request was given up before it was sent.");
            writing = written.Task;
        }
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            written.SetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
