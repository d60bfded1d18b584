using System.Net;
using System.Text;
using System.Xml;
using Minio.Exceptions;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>Says in our words what the store, the network or the library said. Addresses that are signed are secrets: none stands in a message.</summary>
internal static class S3Faults
{
    private const int MaxBodyLength = 64 * 1024;

    /// <summary>Null for what is no fault of a store, such as a source that broke.</summary>
    public static ObjectStoreException? Of(Exception fault) => fault switch
    {
        ObjectStoreException known => known,
        BucketNotFoundException => Of(HttpStatusCode.NotFound, "NoSuchBucket"),
        MinioException { Response.Code: { Length: > 0 } code } library => Of(StatusOf(library), code),
        MinioException library => Of(StatusOf(library), ""),
        HttpRequestException or HttpIOException => new ObjectStoreException(StoreFailure.Unavailable, "The store can't be reached, or the connection broke.", fault),
        // What is no XML of S3 breaks the library in many ways.
        XmlException or InvalidOperationException or ArgumentException or NullReferenceException or FormatException =>
            new ObjectStoreException(StoreFailure.Misbehaving, $"The store's answer can't be read ({fault.GetType().Name}): is this an S3 store?", fault),
        _ => null,
    };

    /// <summary>Runs what the library does, whose requests are tried again one by one, and says in our words what came of it.</summary>
    public static async Task<T> TellAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && fault is not ObjectStoreException && Of(fault) is { } failure)
        {
            throw new ObjectStoreException(failure.Failure, failure.Message, fault);
        }
    }

    public static Task TellAsync(Func<Task> call, CancellationToken cancellationToken) =>
        TellAsync(
            async () =>
            {
                await call();
                return true;
            },
            cancellationToken);

    /// <summary>The failure that an answer tells of, with the code in its body. Reads the body.</summary>
    public static async Task<ObjectStoreException> OfAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        Of(answer.StatusCode, await CodeAsync(answer, cancellationToken));

    /// <summary>Empty when there is none. Reads the body, of which no more is taken than an error needs.</summary>
    public static async Task<string> CodeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var start = new byte[MaxBodyLength];
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            return CodeIn(Encoding.UTF8.GetString(start, 0, length));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return "";
        }
    }

    public static string CodeIn(string body)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return reader.ReadToFollowing("Code") ? Printable(reader.ReadElementContentAsString()) : "";
        }
        catch (XmlException)
        {
            return "";
        }
    }

    public static ObjectStoreException Of(HttpStatusCode status, string code) => (status, Printable(code)) switch
    {
        (HttpStatusCode.InsufficientStorage, _) or (_, "QuotaExceeded" or "XMinioStorageFull" or "InsufficientStorage" or "EntityTooLarge" or "StorageFull") =>
            Failed(StoreFailure.Full, "The store has no room left", code),
        (_, "RequestTimeTooSkewed") => Failed(StoreFailure.Refused, "The store's clock and this machine's differ by more than 15 minutes", code),
        (_, "NoSuchBucket") => Failed(StoreFailure.Refused, "There is no such bucket: make it, or correct Vault__Storage__S3__Bucket", code),
        (_, "InvalidAccessKeyId" or "SignatureDoesNotMatch") => Failed(StoreFailure.Refused, "The store does not know these keys (Vault__Storage__S3__AccessKey, SecretKey), or the region is another one", code),
        (_, "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" or "RequestTimeout" or "SlowDown" or "OperationAborted") =>
            Failed(StoreFailure.Unavailable, "The store could not take this just now", code),
        (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict, _) => Failed(StoreFailure.Unavailable, "The store could not take this just now", code),
        (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) or (_, "AccessDenied" or "MethodNotAllowed") => Failed(StoreFailure.Refused, "The store refuses: a right is missing, or the object is under retention", code),
        ( >= HttpStatusCode.InternalServerError, _) => Failed(StoreFailure.Unavailable, $"The store can't ({(int)status})", code),
        ( >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest, _) => Failed(StoreFailure.Refused, $"The store sends us elsewhere ({(int)status}): correct the endpoint or the region", code),
        _ => Failed(StoreFailure.Misbehaving, $"The store answered what was not expected ({(int)status})", code),
    };

    private static ObjectStoreException Failed(StoreFailure failure, string says, string code) =>
        new(failure, code.Length == 0 ? $"{says}." : $"{says} ({Printable(code)}).");

    private static HttpStatusCode StatusOf(MinioException fault) => fault.ServerResponse is { } answer && Enum.IsDefined(answer.StatusCode) ? answer.StatusCode : fault switch
    {
        AccessDeniedException or ForbiddenException => HttpStatusCode.Forbidden,
        InternalServerException or ConnectionException => HttpStatusCode.ServiceUnavailable,
        _ => HttpStatusCode.BadRequest,
    };

    /// <summary>A code is a word of letters; what else a stranger's server says stays out of our logs.</summary>
    private static string Printable(string code) => code.Length <= 64 && code.All(char.IsAsciiLetterOrDigit) ? code : "";
}
