using Minio.DataModel.Args;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// An object whose length nobody knows before its end, in parts. The way around three faults of the library (Minio 7.0.0): after 3,125 parts it ends the object
/// without a word, whatever is still to come; a source that breaks or a cancelled put leaves parts behind; and cancelling waits for a whole part.
/// </summary>
internal sealed class LongPut(S3Connection connection)
{
    /// <summary>3,124 parts of 16 MiB. The library would store the beginning of more than that as the whole.</summary>
    public const long MostBytes = 3_124L * 16 * 1024 * 1024;

    public async Task PutAsync(string bucket, ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        await using var counted = new CountedStream(content, MostBytes, cancellationToken);
        try
        {
            // No time limit: it takes as long as it flows. The source ends it when it was cancelled.
            await connection.Client.PutObjectAsync(
                new PutObjectArgs().WithBucket(bucket).WithObject(name.Value).WithStreamData(counted).WithObjectSize(-1).WithContentType("application/octet-stream"), cancellationToken);
            if (!counted.IsAtEnd) throw new ObjectStoreException(StoreFailure.Misbehaving, "The library ended an object before its source did.");
            var stored = await LengthAsync(bucket, name, cancellationToken);
            if (stored != counted.Count) throw new ObjectStoreException(StoreFailure.Misbehaving, $"The store keeps {stored} bytes of an object of {counted.Count}.");
        }
        catch (Exception fault)
        {
            // The answer to the request that ends an object may be lost, and asked again the store knows of no such upload.
            if (counted.IsAtEnd && counted.Fault is null && !cancellationToken.IsCancellationRequested && await IsWholeAsync(bucket, name, counted.Count, cancellationToken)) return;
            await TakeBackAsync(bucket, name, wasEnded: counted.IsAtEnd);
            // The library wraps what its source threw, or throws something of its own for it.
            if (counted.Fault is { } source) throw source;
            if (S3Faults.Of(fault) is { } failure && !cancellationToken.IsCancellationRequested) throw failure;
            throw;
        }
    }

    private async Task<long> LengthAsync(string bucket, ObjectName name, CancellationToken cancellationToken) =>
        (await connection.Client.StatObjectAsync(new StatObjectArgs().WithBucket(bucket).WithObject(name.Value), cancellationToken)).Size;

    private async Task<bool> IsWholeAsync(string bucket, ObjectName name, long length, CancellationToken cancellationToken)
    {
        try
        {
            return await LengthAsync(bucket, name, cancellationToken) == length;
        }
        catch (Exception unknown) when (!cancellationToken.IsCancellationRequested && S3Faults.Of(unknown) is not null)
        {
            return false;
        }
    }

    /// <summary>Parts that nobody will finish cost room for ever; an object that is not whole must not be found.</summary>
    /// <param name="wasEnded">Whether this put may have made an object. What somebody else made under the name stays.</param>
    private async Task TakeBackAsync(string bucket, ObjectName name, bool wasEnded)
    {
        try
        {
            await connection.Client.RemoveIncompleteUploadAsync(new RemoveIncompleteUploadArgs().WithBucket(bucket).WithObject(name.Value));
            if (wasEnded) await connection.Client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(bucket).WithObject(name.Value));
        }
        catch (Exception fault) when (S3Faults.Of(fault) is not null)
        {
            // The sweep of incomplete uploads finds them.
        }
    }
}
