using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// The way around a fault of the library (Minio 7.0.0): where an error's XML has an empty message, as Ceph's have, it throws an ArgumentNullException and
/// the error's code is lost. The code is written in as the message. Also learns the time of the store, for `doctor`.
/// </summary>
internal sealed class FilledMessages(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    private const int MaxBodyLength = 64 * 1024;

    /// <summary>How much the store's clock was ahead when it last answered; null before it told one.</summary>
    public TimeSpan? ClockDifference { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.Headers.Date is { } date) ClockDifference = date - time.GetUtcNow();
        if ((int)answer.StatusCode < 400 || request.Method == HttpMethod.Head) return answer;

        await answer.Content.LoadIntoBufferAsync(MaxBodyLength, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (Filled(body) is not { } filled) return answer;
        answer.Content = new StringContent(filled, Encoding.UTF8, "application/xml");
        return answer;
    }

    /// <summary>Null when nothing is missing, or when it is no error of S3.</summary>
    private static string? Filled(string body)
    {
        try
        {
            var error = XDocument.Parse(body).Root;
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
