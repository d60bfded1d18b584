using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Speaks tus to the vault, one method per verb, and hides nothing of the answer.</summary>
internal sealed class TusClient(HttpClient http)
{
    public HttpClient Http => http;

    public static async Task<TusClient> OfAsync(TestTenant tenant, Role role, CancellationToken cancellationToken) => new(await tenant.ClientAsync(role, cancellationToken));

    /// <param name="length">Null defers it.</param>
    public Task<HttpResponseMessage> CreateAsync(long? length, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken, byte[]? body = null, string? checksum = null)
    {
        var request = Request(HttpMethod.Post, Tus.Root);
        if (length is { } bytes)
            request.Headers.Add(Tus.LengthHeader, bytes.ToString(CultureInfo.InvariantCulture));
        else
            request.Headers.Add(Tus.DeferLengthHeader, "1");
        if (metadata is not null)
            request.Headers.TryAddWithoutValidation(Tus.MetadataHeader, Line(metadata));
        if (checksum is not null)
            request.Headers.Add(Tus.ChecksumHeader, checksum);
        if (body is not null)
            request.Content = Part(body);
        return http.SendAsync(request, cancellationToken);
    }

    /// <summary>Begins an upload and returns its address.</summary>
    public async Task<(string Address, Guid RecordingId)> BeginAsync(long? length, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var answer = await CreateAsync(length, metadata ?? new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = "meeting.mp4" }, cancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (answer.Headers.Location!.OriginalString, RecordingOf(answer));
    }

    public Task<HttpResponseMessage> PatchAsync(string address, long offset, byte[] bytes, CancellationToken cancellationToken, string? checksum = null, Action<HttpRequestMessage>? change = null) =>
        PatchAsync(address, offset, Part(bytes), cancellationToken, checksum, change);

    public Task<HttpResponseMessage> PatchAsync(string address, long offset, HttpContent content, CancellationToken cancellationToken, string? checksum = null, Action<HttpRequestMessage>? change = null)
    {
        var request = Request(HttpMethod.Patch, address);
        request.Headers.Add(Tus.OffsetHeader, offset.ToString(CultureInfo.InvariantCulture));
        if (checksum is not null)
            request.Headers.Add(Tus.ChecksumHeader, checksum);
        request.Content = content;
        change?.Invoke(request);
        return http.SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a part and expects it to be taken; returns the acknowledged offset.</summary>
    public async Task<long> AppendAsync(string address, long offset, byte[] bytes, CancellationToken cancellationToken)
    {
        using var answer = await PatchAsync(address, offset, bytes, cancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return OffsetOf(answer);
    }

    public Task<HttpResponseMessage> HeadAsync(string address, CancellationToken cancellationToken) => http.SendAsync(Request(HttpMethod.Head, address), cancellationToken);

    public async Task<long> OffsetAsync(string address, CancellationToken cancellationToken)
    {
        using var answer = await HeadAsync(address, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return OffsetOf(answer);
    }

    public Task<HttpResponseMessage> DeleteAsync(string address, CancellationToken cancellationToken) => http.SendAsync(Request(HttpMethod.Delete, address), cancellationToken);

    public static HttpRequestMessage Request(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        request.Headers.Add(Tus.ResumableHeader, Tus.Version);
        return request;
    }

    public static ByteArrayContent Part(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(Tus.PartType) } };

    public static long OffsetOf(HttpResponseMessage answer) => long.Parse(answer.Headers.GetValues(Tus.OffsetHeader).Single(), CultureInfo.InvariantCulture);

    public static Guid RecordingOf(HttpResponseMessage answer) => Guid.Parse(answer.Headers.GetValues(Tus.RecordingHeader).Single().Split('/')[^1]);

    public static Guid IdOf(string address) => Guid.Parse(address.Split('/')[^1]);

    public static string Line(IReadOnlyDictionary<string, string> metadata) =>
        string.Join(',', metadata.Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}"));

    // tus asks every server for SHA-1; it finds accidents of transport and guards nothing.
#pragma warning disable CA5350
    public static string Sha1(byte[] bytes) => "sha1 " + Convert.ToBase64String(SHA1.HashData(bytes));
#pragma warning restore CA5350

    public static string Sha256(byte[] bytes) => "sha256 " + Convert.ToBase64String(SHA256.HashData(bytes));

    /// <summary>Expects a refusal and returns its slug.</summary>
    public static async Task<string> SlugAsync(HttpResponseMessage answer, int status, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"Expected {status}, got {(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("type").GetString()!.Split('/')[^1];
    }
}
