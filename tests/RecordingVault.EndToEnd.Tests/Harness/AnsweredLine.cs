using System.Net.Sockets;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>
/// A connection of which the answer is read even where the server gave it, and hung up, before everything was sent to it. An HTTP client reads only after it has
/// sent all, and takes a line that broke meanwhile for a failure, although the answer lies there.
/// </summary>
internal sealed class AnsweredLine : NetworkStream
{
    private AnsweredLine(Socket socket)
        : base(socket, ownsSocket: true)
    {
    }

    public static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { ConnectCallback = async (context, cancellationToken) => await ConnectAsync(context, cancellationToken) }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException broken) when (broken.InnerException is SocketException { SocketErrorCode: SocketError.Shutdown or SocketError.ConnectionReset })
        {
            // Nobody takes it any more. Whether there is an answer, reading tells.
        }
    }

    private static async Task<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new AnsweredLine(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
