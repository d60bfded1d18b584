using System.Globalization;
using System.Net;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Uploading;

/// <summary>An upload as the vault tells of it.</summary>
internal sealed record UploadStanding(Guid UploadId, Guid RecordingId, long Offset);

/// <summary>The three requests of tus 1.0.0 that a client needs, each once.</summary>
internal sealed class TusSpeaker(VaultClient vault)
{
    private const string Uploads = "/api/v1/uploads";

    /// <summary>The vault judges content by its first 4 KiB: what it refuses, it refuses in the answer to the creation.</summary>
    private const int FirstPart = 64 * 1024;

    /// <summary>Nothing goes out and nothing comes in: the line is dead, whatever the system thinks of it.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(2);

    /// <summary>After the last byte the vault seals, puts and commits.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromMinutes(5);

    /// <exception cref="TusAnswerException">Any answer but 201.</exception>
    public async Task<UploadStanding> CreateAsync(LocalFile file, string metadata, Action<long> sent, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, Uploads);
        request.Headers.Add("Upload-Length", file.Length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", metadata);
        using var answer = await SendPartAsync(request, file, 0, Math.Min(FirstPart, file.Length), sent, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Created) throw await TusAnswerException.OfAsync(answer, cancellationToken);
        // Whatever address it names, the id is all that is taken from it: the token goes to the vault's own address alone.
        return IdIn(answer.Headers.Location?.ToString()) is { } id && Standing(answer, id, file.Length) is { } standing ? standing : throw vault.Strange();
    }

    /// <returns>Null where the vault has no such upload of this length, or not any more.</returns>
    /// <exception cref="TusAnswerException">Another answer than 200, 404 and 410.</exception>
    public async Task<UploadStanding?> LookAsync(Guid uploadId, long length, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(VaultClient.Patience);
        using var request = Request(HttpMethod.Head, $"{Uploads}/{uploadId:D}");
        using var answer = await vault.SendAsync(request, limit.Token);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return null;
        if (answer.StatusCode != HttpStatusCode.OK) throw await TusAnswerException.OfAsync(answer, limit.Token);
        return Number(answer, "Upload-Length") != length ? null : Standing(answer, uploadId, length) ?? throw vault.Strange();
    }

    /// <returns>The new offset.</returns>
    /// <exception cref="TusAnswerException">Any answer but 204.</exception>
    public async Task<long> AppendAsync(Guid uploadId, LocalFile file, long offset, Action<long> sent, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Patch, $"{Uploads}/{uploadId:D}");
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Headers.ExpectContinue = true;
        using var answer = await SendPartAsync(request, file, offset, file.Length - offset, sent, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.NoContent) throw await TusAnswerException.OfAsync(answer, cancellationToken);
        return Number(answer, "Upload-Offset") is { } now && now > offset && now <= file.Length ? now : throw vault.Strange();
    }

    private async Task<HttpResponseMessage> SendPartAsync(HttpRequestMessage request, LocalFile file, long offset, long length, Action<long> sent, CancellationToken cancellationToken)
    {
        using var standstill = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        standstill.CancelAfter(Standstill);
        request.Content = new FilePart(file, offset, length, at =>
        {
            standstill.CancelAfter(at == offset + length ? Ending : Standstill);
            sent(at);
        });
        return await vault.SendAsync(request, standstill.Token);
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = vault.Request(method, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return request;
    }

    private static UploadStanding? Standing(HttpResponseMessage answer, Guid uploadId, long length) =>
        Number(answer, "Upload-Offset") is { } offset && offset <= length && IdIn(Header(answer, "Vault-Recording")) is { } recording ? new UploadStanding(uploadId, recording, offset) : null;

    private static Guid? IdIn(string? address) => address is not null && Guid.TryParseExact(address[(address.LastIndexOf('/') + 1)..], "D", out var id) ? id : null;

    private static long? Number(HttpResponseMessage answer, string header) => long.TryParse(Header(answer, header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
