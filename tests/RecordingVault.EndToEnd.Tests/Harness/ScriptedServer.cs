using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>Something on a port that is no vault: answers each request with bytes that the test wrote, and keeps what was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Func<string, string> answer;
    private readonly Task accepting;

    public ScriptedServer(Func<string, string> answer)
    {
        this.answer = answer;
        listener.Start();
        Address = new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The head of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

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
        {
            using var client = await listener.AcceptTcpClientAsync(ending.Token);
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var head = new StringBuilder();
                while (await reader.ReadLineAsync(ending.Token) is { Length: > 0 } line)
                    head.AppendLine(line);
                Requests.Enqueue(head.ToString());
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer(head.ToString())), ending.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                // It had read enough.
            }
        }
    }
}
