using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// What the library sends (Minio 7.0.0), with ways around three faults of it: it tries nothing again; an error without a body or with an unknown one, which a busy
/// store gives, is a NullReferenceException; and where an error's message is empty, as Ceph's are, it throws an ArgumentNullException and the error's code is lost.
/// Answers are small and taken whole, so that one that breaks in the middle is asked for again too.
/// </summary>
internal sealed class LibraryRequests(HttpMessageHandler inner, S3Attempts attempts, S3Timing timing, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>A page of a listing, with names of any length.</summary>
    private const int MaxAnswerLength = 8 * 1024 * 1024;
    private const int LongRequest = 1024 * 1024;

    /// <summary>How much the store's clock was ahead when it last answered; null before it told one.</summary>
    public TimeSpan? ClockDifference { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A part of a long object is four segments.
        var limit = request.Content?.Headers.ContentLength > LongRequest ? timing.Put * 4 : timing.Answer;
        return BeginsParts(request)
            ? SendOnceAsync(request, limit, cancellationToken)
            : attempts.RunAsync(limit, ended => SendOnceAsync(request, ended), cancellationToken);
    }

    /// <summary>Asked twice, the store would begin two uploads, and only one of them would ever end.</summary>
    private static bool BeginsParts(HttpRequestMessage request) =>
        request.Method == HttpMethod.Post && request.RequestUri?.Query is { } query && query.TrimStart('?').Split('&').Any(part => part is "uploads" or "uploads=");

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(limit);
        try
        {
            return await SendOnceAsync(request, ended.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreException(StoreFailure.Unavailable, "The store did not answer in time.", late);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        try
        {
            if (answer.Headers.Date is { } date) ClockDifference = date - time.GetUtcNow();
            // The answer to HEAD tells a length that does not come.
            if (request.Method != HttpMethod.Head) await answer.Content.LoadIntoBufferAsync(MaxAnswerLength, cancellationToken);
            if ((int)answer.StatusCode < 400) return answer;
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            var failure = S3Faults.Of(answer.StatusCode, S3Faults.CodeIn(body));
            if (failure.Failure == StoreFailure.Unavailable) throw failure;
            if (request.Method != HttpMethod.Head && Filled(body) is { } filled) answer.Content = new StringContent(filled, Encoding.UTF8, "application/xml");
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Null when nothing is missing, or when it is no error of S3.</summary>
    private static string? Filled(string body)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var error = XDocument.Load(reader).Root;
            if (error?.Name.LocalName != "Error" || Child(error, "Code") is not { } code || Child(error, "Message") is { Value.Length: > 0 }) return null;
            Child(error, "Message")?.Remove();
            error.Add(new XElement(error.GetDefaultNamespace() + "Message", code.Value));
            return error.ToString(SaveOptions.DisableFormatting);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static XElement? Child(XElement error, string name) => error.Elements().FirstOrDefault(child => child.Name.LocalName == name);
}
