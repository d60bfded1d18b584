using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Talk;

/// <summary>
/// HTTP to one vault, with the token. It follows no redirect, keeps no cookie and reads no answer longer than it must, for what answers may not be the vault.
/// </summary>
internal sealed class VaultClient : IDisposable
{
    /// <summary>How long an answer may take that needs no bytes of a recording.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly HttpClient http;
    private readonly string token;

    public VaultClient(SignIn signIn)
    {
        Address = signIn.Address;
        token = signIn.Token;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            // A refusal is told before the bytes leave: whoever can't send them need not.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(2),
            MaxResponseHeadersLength = 64,
            // Over http there is this machine alone, and a proxy would read along.
            UseProxy = signIn.Address.Scheme == Uri.UriSchemeHttps,
        };
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("vault", typeof(VaultClient).Assembly.GetName().Version?.ToString(3)));
    }

    public Uri Address { get; }

    public void Dispose() => http.Dispose();

    /// <summary>An address of the vault itself; what a server names may lead elsewhere and is not asked.</summary>
    /// <param name="path">Below the vault's address, with its first slash.</param>
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    /// <summary>The answer's head, whatever its status; its body is still to come.</summary>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failed) when (failed.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            var certificate = failed.InnerException is System.Security.Authentication.AuthenticationException;
            throw new CommandException(ExitCode.Unreachable, certificate
                ? $"{Address} showed a certificate that this machine does not trust, so nothing was sent. Mend the certificate, or make its issuer known to this machine."
                : $"{Address} does not speak https as it should, so nothing was sent.");
        }
    }

    /// <summary>Asks once and reads the answer.</summary>
    /// <exception cref="CommandException">Nobody answered in time, or the answer was no.</exception>
    public async Task<T> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var answer = await SendAsync(request, limit.Token);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted))
                throw await Refusal.ReadAsync(answer, limit.Token);
            return JsonSerializer.Deserialize((await BoundedBody.ReadAsync(answer, LongestAnswer, limit.Token)).Span, shape) ?? throw Strange();
        }
        catch (JsonException)
        {
            throw Strange();
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unreachable(failed);
        }
    }

    public CommandException Unreachable(Exception failed) =>
        new(ExitCode.Unreachable, $"{Address} does not answer ({(failed is OperationCanceledException ? "it took too long" : ShownText.Of(failed.Message))}). Is it the right address, and is the vault running?");

    public CommandException Strange() => new(ExitCode.Refused, $"What {Address} answered is no answer of a vault. Is it the right address?");
}
