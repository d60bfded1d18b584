using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A client that reads an answer only as far as it is told, so that the server stands in the middle of a write.</summary>
internal sealed class SlowReader : IAsyncDisposable
{
    private readonly TcpClient client;
    private readonly NetworkStream stream;

    private SlowReader(TcpClient client) => (this.client, stream) = (client, client.GetStream());

    /// <summary>Bytes of the body that were read.</summary>
    public long Received { get; private set; }

    public int Status { get; private set; }

    public long ContentLength { get; private set; }

    public static async Task<SlowReader> GetAsync(Uri address, string path, string header, CancellationToken cancellationToken)
    {
        var connection = new TcpClient { ReceiveBufferSize = 64 * 1024 };
        await connection.ConnectAsync(address.Host, address.Port, cancellationToken);
        var reader = new SlowReader(connection);
        var request = $"GET {path} HTTP/1.1\r\nHost: localhost:{address.Port}\r\n{header}\r\n\r\n";
        await reader.stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        await reader.ReadHeadAsync(cancellationToken);
        return reader;
    }

    public async Task ReadAsync(long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        for (var left = count; left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException();
            left -= read;
            Received += read;
        }
    }

    /// <summary>Reads on until the server ends it. True when the connection was cut before all was there.</summary>
    public async Task<bool> ReadUntilCutAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (Received < ContentLength)
            {
                var read = await stream.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    return true;
                Received += read;
            }

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadHeadAsync(CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
                throw new EndOfStreamException();
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n");
        Status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        ContentLength = lines.Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)).SingleOrDefault();
    }
}
