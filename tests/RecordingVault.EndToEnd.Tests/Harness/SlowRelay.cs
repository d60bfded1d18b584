using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>
/// A slow line between a browser and the server, which counts what the server sends over it. It reads no faster than it passes on, through small
/// buffers, so the server itself stands in the middle of a write as it does before a real slow reader.
/// </summary>
internal sealed class SlowRelay : IAsyncDisposable
{
    private const int BufferLength = 16 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly int serverPort;
    private readonly int bytesPerSecond;
    private readonly Task accepting;
    private long sent;

    public SlowRelay(Uri server, int bytesPerSecond)
    {
        (serverPort, this.bytesPerSecond) = (server.Port, bytesPerSecond);
        listener.Start();
        Address = new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Bytes that the server has sent over all connections of this line.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
                lines.Add(CarryAsync(await listener.AcceptTcpClientAsync(ending.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task CarryAsync(TcpClient browser)
    {
        using var near = browser;
        using var far = new TcpClient { ReceiveBufferSize = BufferLength };
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, serverPort, ending.Token);
            // Whichever side ends first ends both: that is how a cut reaches the browser.
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), ending.Token), SlowlyAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
        {
            // A side is gone.
        }
    }

    private async Task SlowlyAsync(NetworkStream server, NetworkStream browser)
    {
        var buffer = new byte[BufferLength];
        var (began, carried) = (Stopwatch.GetTimestamp(), 0L);
        while (await server.ReadAsync(buffer, ending.Token) is var count and > 0)
        {
            Interlocked.Add(ref sent, count);
            await browser.WriteAsync(buffer.AsMemory(0, count), ending.Token);
            carried += count;
            if (TimeSpan.FromSeconds((double)carried / bytesPerSecond) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
                await Task.Delay(early, ending.Token);
        }
    }
}
