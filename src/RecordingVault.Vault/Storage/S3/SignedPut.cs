using System.Net;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// One object, one request, its exact length told before. The way around four faults of the library (Minio 7.0.0): it copies every body into an array of its own,
/// it can't say "only where nothing is", it does not tell what was stored, and a stream that is shorter than was said is stored without a word.
/// </summary>
internal sealed class SignedPut(S3Connection connection)
{
    /// <summary>S3 takes longer ones too; below it every store answers with the digest of the whole, and ours are never longer.</summary>
    public const int MostBytes = (5 * 1024 * 1024) - 1;

    /// <summary>False when there is an object of this name already.</summary>
    public async Task<bool> TryAsync(string bucket, ObjectName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length > MostBytes) throw new ArgumentException("What is put in one request is shorter than 5 MiB.", nameof(bytes));
        using var content = new HeldContent(bytes);
        var digest = connection.Settings.IsLineChecked ? Digest(bytes.Span) : null;
        content.Headers.ContentMD5 = digest;
        try
        {
            using var answer = await connection.PutAsync(bucket, name, content, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.PreconditionFailed) return false;
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent)) throw await S3Faults.OfAsync(answer, cancellationToken);
            RequireSame(answer, digest);
            return true;
        }
        finally
        {
            await content.CloseAsync();
        }
    }

    /// <summary>What went over a line that nothing protects may have been changed on the way; what lies there otherwise is found by its tags when it is read.</summary>
    private static void RequireSame(HttpResponseMessage answer, byte[]? digest)
    {
        // With encryption of its own the store's tag is a digest of what nobody sees.
        if (digest is null || answer.Headers.Contains("x-amz-server-side-encryption") || answer.Headers.ETag?.Tag is not { } told) return;
        var tag = told.Trim('"');
        // A tag of another shape is no digest.
        if (tag.Length == 32 && tag.All(char.IsAsciiHexDigit) && !string.Equals(tag, Convert.ToHexString(digest), StringComparison.OrdinalIgnoreCase))
            throw new ObjectStoreException(StoreFailure.Misbehaving, "The store says that it keeps other bytes than it was given.");
    }

#pragma warning disable CA5351 // S3 knows no other digest that every store checks. It guards against accidents on the line; against people, every chunk has its tag.
    private static byte[] Digest(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
