using Minio.DataModel.Args;
using Minio.Exceptions;

namespace RecordingVault.Vault.Storage.S3;

/// <summary>Whether a bucket has Object Lock, and whether it keeps everything for a while without being asked.</summary>
internal static class S3Locks
{
    /// <summary>A store that does not know the question has none.</summary>
    public static async Task<(bool HasLock, TimeSpan? DefaultRetention)> OfAsync(S3Connection connection, string bucket, CancellationToken cancellationToken)
    {
        var args = new GetObjectLockConfigurationArgs().WithBucket(bucket);
        try
        {
            var configuration = await connection.Client.GetObjectLockConfigurationAsync(args, cancellationToken);
            var days = configuration.Rule?.DefaultRetention?.Days ?? 0;
            return (configuration.ObjectLockEnabled == "Enabled", days > 0 ? TimeSpan.FromDays(days) : null);
        }
        catch (Exception none) when (none is MinioException or ObjectStoreException { Failure: not StoreFailure.Unavailable } || (none is not OperationCanceledException && S3Faults.Of(none) is { Failure: StoreFailure.Misbehaving }))
        {
            return (false, null);
        }
    }
}
