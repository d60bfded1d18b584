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
            var stored = await connection.Client.StatObjectAsync(new StatObjectArgs().WithBucket(bucket).WithObject(name.Value), cancellationToken);
            if (stored.Size != counted.Count) throw new ObjectStoreException(StoreFailure.Misbehaving, $"The store keeps {stored.Size} bytes of an object of {counted.Count}.");
        }
        catch (Exception fault)
        {
            await TakeBackAsync(bucket, name);
            // The library wraps what its source threw, or throws something of its own for it.
            if (counted.Fault is { } source) throw source;
            if (S3Faults.Of(fault) is { } failure && !cancellationToken.IsCancellationRequested) throw failure;
            throw;
        }
    }

    /// <summary>Parts that nobody will finish cost room for ever; an object that is not whole must not be found.</summary>
    private async Task TakeBackAsync(string bucket, ObjectName name)
    {
        try
        {
            await connection.Client.RemoveIncompleteUploadAsync(new RemoveIncompleteUploadArgs().WithBucket(bucket).WithObject(name.Value));
            await connection.Client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(bucket).WithObject(name.Value));
        }
        catch (Exception fault) when (S3Faults.Of(fault) is not null)
        {
            // The sweep of incomplete uploads finds them.
        }
    }
}
