using Minio;
using Minio.DataModel.Args;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// The library for what is small, and a client of our own for what is signed here and then sent or read as it flows. Neither follows redirects, keeps
/// cookies or adds a trace header; a signed address never leaves this class but as the request itself.
/// </summary>
internal sealed class S3Connection : IDisposable
{
    /// <summary>A signed address is used at once, and by a try that waited for its connection.</summary>
    private const int SignedForSeconds = 300;
    /// <summary>Of an answer that is read whole: what a put is answered with, or an error.</summary>
    private const int MaxAnswerLength = 64 * 1024;

    private readonly HttpClient signed;
    private readonly LibraryRequests library;

    public S3Connection(S3Location settings, S3Attempts attempts, S3Timing timing, TimeProvider time)
    {
        Settings = settings;
        library = new LibraryRequests(Handler(settings, timing), attempts, timing, time);
        signed = new HttpClient(Handler(settings, timing)) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerLength };
        Client = new MinioClient()
            .WithEndpoint(settings.Endpoint)
            .WithSSL(settings.UseTls)
            .WithRegion(settings.Region)
            .WithCredentials(settings.AccessKey, settings.SecretKey)
            .WithHttpClient(new HttpClient(library), disposeHttpClient: true)
            .Build();
    }

    public S3Location Settings { get; }

    public IMinioClient Client { get; }

    public TimeSpan? ClockDifference => library.ClockDifference;

    /// <summary>Returns when the headers are here. The caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> GetAsync(string bucket, ObjectName name, long from, long to, CancellationToken cancellationToken)
    {
        var address = await Client.PresignedGetObjectAsync(new PresignedGetObjectArgs().WithBucket(bucket).WithObject(name.Value).WithExpiry(SignedForSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = new(from, to);
        return await signed.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async Task<HttpResponseMessage> PutAsync(string bucket, ObjectName name, HttpContent content, CancellationToken cancellationToken)
    {
        var address = await Client.PresignedPutObjectAsync(new PresignedPutObjectArgs().WithBucket(bucket).WithObject(name.Value).WithExpiry(SignedForSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = content };
        // A second guard: a name is never used twice. Stores that do not know the header ignore it.
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        return await signed.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public void Dispose()
    {
        Client.Dispose();
        signed.Dispose();
    }

    private static SocketsHttpHandler Handler(S3Location settings, S3Timing timing) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !settings.IsLoopback,
        ActivityHeadersPropagator = null,
        ConnectTimeout = timing.Connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        // What nobody reads any more is not read to its end only to keep the connection.
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    };
}
