using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>
/// A line between a client and the server that carries what the client sends at a bounded rate, and that can be cut: so a PATCH lasts long enough to be hit.
/// With <paramref name="standAfter"/> a connection that has carried that many bytes carries nothing more before it is cut: what is hit is hit in its middle on any machine.
/// </summary>
internal sealed class SendingLine : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly int serverPort;
    private readonly int bytesPerSecond;
    private readonly long standAfter;
    private readonly TaskCompletionSource standing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task accepting;

    public SendingLine(Uri server, int bytesPerSecond, long standAfter = long.MaxValue)
    {
        (serverPort, this.bytesPerSecond, this.standAfter) = (server.Port, bytesPerSecond, standAfter);
        listener.Start();
        Address = new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Ends when a first connection stands after its bytes. Whatever comes after it passes.</summary>
    public Task Standing => standing.Task;

    /// <summary>Resets every connection, in the middle of whatever it carries.</summary>
    public void Cut()
    {
        foreach (var client in open.Keys)
        {
            try
            {
                client.LingerState = new LingerOption(true, 0);
                client.Close();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It ended by itself.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = CarryAsync(await listener.AcceptTcpClientAsync(ending.Token));
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { SendBufferSize = BufferLength };
        open[near] = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, serverPort, ending.Token);
            await Task.WhenAny(far.GetStream().CopyToAsync(near.GetStream(), ending.Token), SlowlyAsync(near.GetStream(), far.GetStream()));
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // A side is gone.
        }
        finally
        {
            open.TryRemove(near, out _);
        }
    }

    private async Task SlowlyAsync(NetworkStream client, NetworkStream server)
    {
        var buffer = new byte[BufferLength];
        var (began, carried) = (Stopwatch.GetTimestamp(), 0L);
        while (await client.ReadAsync(buffer, ending.Token) is var count and > 0)
        {
            await server.WriteAsync(buffer.AsMemory(0, count), ending.Token);
            carried += count;
            if (carried >= standAfter && standing.TrySetResult())
                await Task.Delay(Timeout.Infinite, ending.Token);
            if (TimeSpan.FromSeconds((double)carried / bytesPerSecond) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early)
                await Task.Delay(early, ending.Token);
        }
    }
}
