using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace RecordingVault.Benchmarks.Loopback;

/// <summary>What came back. Times are from the request's last byte.</summary>
internal sealed record Answer(int Status, string Head, long BodyLength, TimeSpan FirstBodyByte, TimeSpan Whole, string? Digest)
{
    public string Header(string name) =>
        Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim()
        ?? throw new InvalidOperationException($"The answer has no {name}:\n{Head}");
}

/// <summary>
/// One connection that asks and throws away what it gets, at the least cost for the machine that it shares with the server: bodies are sent by
/// sendfile and discarded in the kernel, by blocking calls. One thread at a time.
/// </summary>
internal sealed class Connection : IDisposable
{
    private const int ReadLength = 1024 * 1024;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 600_000 };
    private readonly byte[] received = new byte[ReadLength];

    public Connection(int port) => socket.Connect(IPAddress.Loopback, port);

    /// <summary>Asks and discards the body.</summary>
    public Answer Ask(string request) => Ask(request, body: null, isHashed: false);

    /// <summary>Asks and reads the body into a SHA-256.</summary>
    public Answer Hash(string request) => Ask(request, body: null, isHashed: true);

    /// <summary>Sends a file as the request's body.</summary>
    public Answer Send(string request, string body) => Ask(request, body, isHashed: false);

    public void Dispose() => socket.Dispose();

    private Answer Ask(string request, string? body, bool isHashed)
    {
        socket.Send(Encoding.ASCII.GetBytes(request));
        if (body is not null)
            socket.SendFile(body);
        var asked = Stopwatch.GetTimestamp();
        var (head, surplus) = ReadHead();
        var status = int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var answer = new Answer(status, head, 0, default, default, null);
        if (status >= 400)
            throw new InvalidOperationException($"Refused:\n{request}\n{head}\n{Encoding.UTF8.GetString(surplus)}");
        var length = status is 204 or 304 ? 0 : long.Parse(answer.Header("Content-Length"), System.Globalization.CultureInfo.InvariantCulture);

        using var hash = isHashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        hash?.AppendData(surplus);
        long got = surplus.Length;
        var firstByte = got > 0 ? Stopwatch.GetElapsedTime(asked) : default;
        while (got < length)
        {
            var count = socket.Receive(received, 0, (int)Math.Min(ReadLength, length - got), hash is null ? SocketFlags.Truncated : SocketFlags.None);
            if (count == 0)
                throw new InvalidOperationException($"Cut after {got} of {length} bytes:\n{head}");
            if (got == 0)
                firstByte = Stopwatch.GetElapsedTime(asked);
            hash?.AppendData(received, 0, count);
            got += count;
        }

        return answer with { BodyLength = length, FirstBodyByte = firstByte, Whole = Stopwatch.GetElapsedTime(asked), Digest = hash is null ? null : Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    private (string Head, byte[] Surplus) ReadHead()
    {
        var filled = 0;
        while (true)
        {
            // A small read: what belongs to the body is discarded in the kernel.
            var count = socket.Receive(received, filled, 2048, SocketFlags.None);
            if (count == 0)
                throw new InvalidOperationException("The server closed the connection without an answer.");
            filled += count;
            var end = received.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return (Encoding.ASCII.GetString(received, 0, end), received[(end + 4)..filled]);
        }
    }
}
