using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace RecordingVault.Server.Tests.Mail;

/// <summary>A letter as the server got it, and how the line stood.</summary>
internal sealed record ReceivedLetter(MimeMessage Message, string To, bool IsSecure, string? User)
{
    /// <summary>As somebody reads it, with line ends of one kind.</summary>
    public string Text => Message.TextBody!.ReplaceLineEndings("\n");
}

/// <summary>A real mail server on a loopback port, which keeps what it is given.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    public const string User = "vault";
    public const string Password = "the mail server's password";

    private readonly Channel<ReceivedLetter> letters = Channel.CreateUnbounded<ReceivedLetter>();
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    private MailSink(int port, X509Certificate2? certificate, bool asksPassword)
    {
        Port = port;
        var options = new SmtpServerOptionsBuilder().ServerName("sink.example").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)).AuthenticationRequired(asksPassword).AllowUnsecureAuthentication(certificate is null);
            if (certificate is not null)
                endpoint.Certificate(certificate);
        }).Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Store(this));
        services.Add((IMailboxFilter)new Filter(this));
        services.Add(new DelegatingUserAuthenticator((user, password) => user == User && password == Password));
        running = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
    }

    public int Port { get; }

    /// <summary>Whom the server refuses.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Letters that nobody has taken out yet.</summary>
    public int Waiting => letters.Reader.Count;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<MailSink> StartAsync(int? port = null, X509Certificate2? certificate = null, bool asksPassword = false)
    {
        var sink = new MailSink(port ?? FreePort(), certificate, asksPassword);
        while (!await AnswersAsync(sink.Port))
            await Task.Delay(10);
        return sink;
    }

    public static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    public async Task<ReceivedLetter> NextAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await letters.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // it was told to stop
        }

        stop.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class Store(MailSink sink) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var bytes = new MemoryStream(buffer.ToArray());
            var to = string.Join(' ', transaction.To.Select(mailbox => mailbox.AsAddress()));
            sink.letters.Writer.TryWrite(new ReceivedLetter(MimeMessage.Load(bytes, CancellationToken.None), to, context.Pipe.IsSecure, context.Authentication.IsAuthenticated ? context.Authentication.User : null));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    private sealed class Filter(MailSink sink) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) => Task.FromResult(!sink.Refuses(to.AsAddress()));
    }
}
