using Minio.DataModel.Args;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>Whether a bucket has Object Lock, and whether it keeps everything for a while without being asked.</summary>
internal static class S3Locks
{
    private const int DaysAYear = 365;

    /// <summary>A store that does not know the question has none.</summary>
    /// <exception cref="ObjectStoreException">It does not answer, or refuses to say.</exception>
    public static async Task<(bool HasLock, TimeSpan? DefaultRetention)> OfAsync(S3Connection connection, string bucket, CancellationToken cancellationToken)
    {
        var args = new GetObjectLockConfigurationArgs().WithBucket(bucket);
        try
        {
            var configuration = await connection.Client.GetObjectLockConfigurationAsync(args, cancellationToken);
            // The library reads a period in days only; one in years comes as zero, and is a year at least.
            TimeSpan? kept = configuration.Rule?.DefaultRetention is { } retention ? TimeSpan.FromDays(retention.Days > 0 ? retention.Days : DaysAYear) : null;
            return (configuration.ObjectLockEnabled == "Enabled", kept);
        }
        catch (Exception none) when (none is not OperationCanceledException && S3Faults.Of(none) is { } failure)
        {
            if (failure.Failure == StoreFailure.Misbehaving) return (false, null);
            throw new ObjectStoreException(failure.Failure, failure.Message, none);
        }
    }
}
