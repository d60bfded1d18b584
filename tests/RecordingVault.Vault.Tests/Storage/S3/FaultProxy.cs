using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RecordingVault.Vault.Tests.Storage.S3;

/// <summary>What the proxy does with one request.</summary>
internal enum Fault
{
    None,

    /// <summary>The connection is reset after a part of the request's body.</summary>
    BreakRequest,

    /// <summary>The store gets all of it and answers; the answer is lost.</summary>
    LoseAnswer,

    /// <summary>The connection is reset in the middle of the answer's body.</summary>
    BreakAnswer,

    /// <summary>Half of the answer's body, and then nothing, for as long as anybody waits.</summary>
    Stall,

    /// <summary>Nothing at all is answered.</summary>
    Silence,

    /// <summary>503 and SlowDown, as a busy store says.</summary>
    SlowDown,

    /// <summary>500 and no word.</summary>
    InternalError,

    /// <summary>507, as a full one says.</summary>
    NoRoom,

    /// <summary>403 and QuotaExceeded, as Ceph's gateway says.</summary>
    Quota,

    /// <summary>One bit of the request's body is another one when it arrives.</summary>
    FlipRequest,

    /// <summary>Success is answered, and the store has never heard of it, with a digest of something else.</summary>
    Lie,

    /// <summary>The range that was asked for is not passed on.</summary>
    IgnoreRange,

    /// <summary>The answer says another range than it was asked for.</summary>
    WrongRange,

    /// <summary>What a proxy or a login page in between would say.</summary>
    Html,

    /// <summary>Go elsewhere, to a place that listens for what is sent there.</summary>
    Redirect,
}

/// <summary>
/// Stands before the real store and spoils what goes through, one request after another as it was told. Passes the rest on byte by byte, so that signatures stay
/// right: the store checks them over the name that the client used.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<Fault> faults = new();
    private readonly ConcurrentQueue<string> requests = new();
    private readonly string host;
    private readonly int port;
    private readonly Task accepting;

    public FaultProxy(string store)
    {
        (host, port) = (store.Split(':')[0], int.Parse(store.Split(':')[1], CultureInfo.InvariantCulture));
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Endpoint => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The first lines of what came, in order.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>Which requests may be spoiled; the others pass. All by default.</summary>
    public Func<string, bool> Spoils { get; set; } = _ => true;

    /// <summary>For the next requests, one each; those behind them pass.</summary>
    public void Next(params IEnumerable<Fault> next)
    {
        foreach (var fault in next) faults.Enqueue(fault);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(ending.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await HttpMessage.ReadAsync(stream, hasBody: null, ending.Token) is { } request)
                {
                    requests.Enqueue(request.FirstLine);
                    var fault = Spoils(request.FirstLine) && faults.TryDequeue(out var next) ? next : Fault.None;
                    if (!await AnswerAsync(client, stream, request, fault)) return;
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the three is gone.
            }
        }
    }

    /// <summary>False when the connection is over.</summary>
    private async Task<bool> AnswerAsync(TcpClient client, NetworkStream stream, HttpMessage request, Fault fault)
    {
        switch (fault)
        {
            case Fault.BreakRequest:
                await ForwardAsync(request with { Body = request.Body[..(request.Body.Length / 2)] }, expectsAnswer: false);
                Reset(client);
                return false;
            case Fault.LoseAnswer:
                await ForwardAsync(request, expectsAnswer: true);
                Reset(client);
                return false;
            case Fault.Silence:
                await Task.Delay(Timeout.Infinite, ending.Token);
                return false;
            case Fault.SlowDown:
                return await SayAsync(stream, "503 Slow Down", "application/xml", "<Error><Code>SlowDown</Code></Error>");
            case Fault.InternalError:
                return await SayAsync(stream, "500 Internal Server Error", "text/plain", "");
            case Fault.NoRoom:
                return await SayAsync(stream, "507 Insufficient Storage", "application/xml", "<Error><Code>XMinioStorageFull</Code><Message>x</Message></Error>");
            case Fault.Quota:
                return await SayAsync(stream, "403 Forbidden", "application/xml", "<?xml version=\"1.0\"?><Error><Code>QuotaExceeded</Code><Message></Message></Error>");
            case Fault.Html:
                return await SayAsync(stream, "200 OK", "text/html", "<html><body>Please sign in</body></html>");
            case Fault.Redirect:
                return await SayAsync(stream, "307 Temporary Redirect", "text/plain", "", $"Location: http://{Endpoint}/elsewhere\r\n");
            case Fault.Lie:
                return await SayAsync(stream, "200 OK", "text/plain", "", $"ETag: \"{new string('0', 32)}\"\r\n");
            case Fault.FlipRequest:
                request.Body[request.Body.Length / 2] ^= 1;
                break;
            case Fault.IgnoreRange:
                request = request.Without("Range");
                break;
        }

        var answer = (await ForwardAsync(request, expectsAnswer: true))!;
        if (fault == Fault.WrongRange) answer = answer.With("Content-Range", $"bytes 1-{answer.Body.Length}/{answer.Body.Length + 1}");
        if (fault is Fault.BreakAnswer or Fault.Stall)
        {
            await stream.WriteAsync(answer.Head, ending.Token);
            await stream.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2), ending.Token);
            if (fault == Fault.Stall) await Task.Delay(Timeout.Infinite, ending.Token);
            Reset(client);
            return false;
        }
        await stream.WriteAsync(answer.Head, ending.Token);
        await stream.WriteAsync(answer.Body, ending.Token);
        return true;
    }

    private async Task<HttpMessage?> ForwardAsync(HttpMessage request, bool expectsAnswer)
    {
        using var store = new TcpClient();
        await store.ConnectAsync(host, port, ending.Token);
        var stream = store.GetStream();
        await stream.WriteAsync(request.Head, ending.Token);
        await stream.WriteAsync(request.Body, ending.Token);
        return expectsAnswer ? await HttpMessage.ReadAsync(stream, hasBody: !request.FirstLine.StartsWith("HEAD", StringComparison.Ordinal), ending.Token) : null;
    }

    private async Task<bool> SayAsync(NetworkStream stream, string status, string type, string body, string more = "")
    {
        var bytes = Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}\r\n{body}");
        await stream.WriteAsync(bytes, ending.Token);
        return true;
    }

    private static void Reset(TcpClient client)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
    }
}

/// <summary>A request or an answer as it stands on the wire.</summary>
internal sealed record HttpMessage(string FirstLine, IReadOnlyList<string> Headers, byte[] Body)
{
    public byte[] Head => Encoding.Latin1.GetBytes($"{FirstLine}\r\n{string.Concat(Headers.Select(header => header + "\r\n"))}\r\n");

    public HttpMessage Without(string name) => this with { Headers = [.. Headers.Where(header => !Is(header, name))] };

    public HttpMessage With(string name, string value) => Without(name) is var rest ? rest with { Headers = [.. rest.Headers, $"{name}: {value}"] } : this;

    /// <param name="hasBody">Null for a request, which says so itself.</param>
    public static async Task<HttpMessage?> ReadAsync(NetworkStream stream, bool? hasBody, CancellationToken ct)
    {
        var lines = new List<string>();
        while (await ReadLineAsync(stream, ct) is { } line)
        {
            if (line.Length == 0) break;
            lines.Add(line);
        }
        if (lines.Count == 0) return null;
        var headers = lines[1..];
        var body = hasBody == false ? []
            : headers.Exists(header => Is(header, "Transfer-Encoding")) ? await ReadChunksAsync(stream, ct)
            : await ReadExactlyAsync(stream, int.Parse(headers.Find(header => Is(header, "Content-Length"))?.Split(':')[1].Trim() ?? "0", CultureInfo.InvariantCulture), ct);
        if (!headers.Exists(header => Is(header, "Transfer-Encoding"))) return new HttpMessage(lines[0], headers, body);
        return new HttpMessage(lines[0], headers, body).Without("Transfer-Encoding").With("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
    }

    private static bool Is(string header, string name) => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);

    private static async Task<byte[]> ReadChunksAsync(NetworkStream stream, CancellationToken ct)
    {
        using var all = new MemoryStream();
        while (int.Parse(await ReadLineAsync(stream, ct) ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var length and > 0)
        {
            all.Write(await ReadExactlyAsync(stream, length, ct));
            await ReadLineAsync(stream, ct);
        }
        await ReadLineAsync(stream, ct);
        return all.ToArray();
    }

    private static async Task<byte[]> ReadExactlyAsync(NetworkStream stream, int length, CancellationToken ct)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    private static async Task<string?> ReadLineAsync(NetworkStream stream, CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, ct) > 0)
        {
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        return line.Length == 0 ? null : line.ToString();
    }
}
