using Minio.DataModel.Args;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>
/// A bucket with versions keeps what was deleted. The way around two faults of the library (Minio 7.0.0): its listing of versions ends at 1,000 without a word, and
/// it says nothing of the version that a put made. Versions are asked for name by name, of which each has few, until none is left.
/// </summary>
internal sealed class S3Versions(S3Connection connection, TimeProvider time)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly Dictionary<string, (bool Kept, long At)> buckets = [];

    /// <summary>Whether the bucket keeps versions or has kept some. A store that does not know the question keeps none.</summary>
    /// <exception cref="ObjectStoreException">It refuses to say: a delete that may leave versions behind is none.</exception>
    public async Task<bool> AreKeptAsync(string bucket, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (buckets.TryGetValue(bucket, out var known) && time.GetElapsedTime(known.At) < LookAgainAfter) return known.Kept;
        }
        var kept = await AskAsync(bucket, cancellationToken);
        lock (gate) buckets[bucket] = (kept, time.GetTimestamp());
        return kept;
    }

    /// <summary>The versions of exactly this name, at most a page of them.</summary>
    public Task<IReadOnlyList<string>> ListAsync(string bucket, ObjectName name, CancellationToken cancellationToken) => S3Faults.TellAsync<IReadOnlyList<string>>(
        async () =>
        {
            List<string> found = [];
            var args = new ListObjectsArgs().WithBucket(bucket).WithPrefix(name.Value).WithRecursive(true).WithVersions(true);
            await foreach (var item in connection.Client.ListObjectsEnumAsync(args, cancellationToken).WithCancellation(cancellationToken))
            {
                if (item.Key == name.Value && item.VersionId is { Length: > 0 } version) found.Add(version);
            }
            return found;
        },
        cancellationToken);

    private async Task<bool> AskAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            var args = new GetVersioningArgs().WithBucket(bucket);
            return (await S3Faults.TellAsync(() => connection.Client.GetVersioningAsync(args, cancellationToken), cancellationToken)).Status is "Enabled" or "Suspended";
        }
        catch (ObjectStoreException unknown) when (unknown.Failure == StoreFailure.Misbehaving)
        {
            return false;
        }
    }
}
