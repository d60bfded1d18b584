using System.Net;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// The way around three faults of the library (Minio 7.0.0): every range it reads throws, a range past the end is a NullReferenceException, and the body of an
/// error comes as if it were the object's. An address is signed here without asking anybody, and the answer's status, range and length are checked by us.
/// </summary>
internal sealed class SignedRead(S3Connection connection, S3Attempts attempts, S3Timing timing)
{
    /// <summary>At most so many bytes from there on; fewer when the object ends before.</summary>
    /// <exception cref="SealedFormatException">No such object.</exception>
    public async Task<Stream> OpenAsync(string bucket, ObjectName name, long offset, long length, CancellationToken cancellationToken)
    {
        // The first answer is waited for here, so that what is missing is told before anything of it is used.
        var stream = new S3RangeStream((from, left, ended) => RequestAsync(bucket, name, from, left, ended), attempts, timing, offset, length);
        try
        {
            await stream.OpenAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task<SignedAnswer> RequestAsync(string bucket, ObjectName name, long offset, long length, CancellationToken cancellationToken)
    {
        var answer = await connection.GetAsync(bucket, name, offset, offset + length - 1, cancellationToken);
        try
        {
            switch (answer.StatusCode)
            {
                case HttpStatusCode.PartialContent:
                    return new SignedAnswer(answer, Checked(answer, offset, length));
                case HttpStatusCode.OK when offset == 0 && answer.Content.Headers.ContentLength is { } whole:
                    // The range was not looked at, or the object is empty: the beginning is what was asked for.
                    return new SignedAnswer(answer, Math.Min(whole, length));
                case HttpStatusCode.OK:
                    throw new ObjectStoreException(StoreFailure.Misbehaving, "The store does not know ranges, without which nothing can be read from it.");
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                    return new SignedAnswer(answer, 0);
                default:
                    var code = await S3Faults.CodeAsync(answer, cancellationToken);
                    throw answer.StatusCode == HttpStatusCode.NotFound && code != "NoSuchBucket"
                        ? new SealedFormatException(FormatFailure.Missing, $"There is no object {name}.")
                        : S3Faults.Of(answer.StatusCode, code);
            }
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static long Checked(HttpResponseMessage answer, long offset, long length)
    {
        var given = answer.Content.Headers.ContentRange;
        if (given is not { From: { } from, To: { } to, Length: { } whole } || from != offset || to - from >= length || to != Math.Min(offset + length, whole) - 1)
            throw new ObjectStoreException(StoreFailure.Misbehaving, "The store answered with another range than it was asked for.");
        return to - from + 1;
    }
}

/// <summary>An answer whose body is to come.</summary>
/// <param name="Length">Bytes of the body that are wanted.</param>
internal sealed record SignedAnswer(HttpResponseMessage Message, long Length) : IDisposable
{
    public void Dispose() => Message.Dispose();
}
