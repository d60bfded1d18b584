using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using RecordingVault.Server.Features.Uploads;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>A body that goes out piece by piece, when the test says so.</summary>
internal sealed class SlowPart : HttpContent
{
    private readonly Channel<(byte[] Bytes, TaskCompletionSource Sent)> pieces = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>();
    private readonly long? length;

    /// <param name="length">What Content-Length says; null sends it chunked.</param>
    public SlowPart(long? length)
    {
        this.length = length;
        Headers.ContentType = new MediaTypeHeaderValue(Tus.PartType);
    }

    /// <summary>Returns when the bytes have left.</summary>
    public async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pieces.Writer.TryWrite((bytes, sent));
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>Sends the last bytes, which may meet a server that has answered already.</summary>
    public void SendLast(byte[] bytes)
    {
        pieces.Writer.TryWrite((bytes, new TaskCompletionSource()));
        pieces.Writer.Complete();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        await foreach (var (bytes, sent) in pieces.Reader.ReadAllAsync(cancellationToken))
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            sent.TrySetResult();
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }
}
