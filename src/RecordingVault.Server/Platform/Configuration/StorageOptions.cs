using RecordingVault.Vault.Storage;
using RecordingVault.Vault.Storage.S3;

namespace RecordingVault.Server.Platform.Configuration;

internal enum StorageProvider
{
    Folder,
    S3,
}

internal sealed class StorageOptions
{
    public StorageProvider Provider { get; set; } = StorageProvider.Folder;

    /// <summary>Folder of the folder store; by default <c>store</c> in the data directory.</summary>
    public string? Folder { get; set; }
    public S3Options S3 { get; set; } = new();
    public FormerStorageOptions Former { get; set; } = new();

    /// <summary>What is wrong with them, each with its key and cure.</summary>
    public IEnumerable<string> Faults()
    {
        if (Provider == StorageProvider.S3)
        {
            foreach (var fault in S3.Faults("Vault__Storage__S3"))
                yield return fault;
        }

        if (Former.Provider == StorageProvider.Folder && Former.Folder is not { Length: > 0 })
            yield return "Vault__Storage__Former__Folder names the folder that recordings are moved out of.";
        if (Former.Provider == StorageProvider.S3)
        {
            foreach (var fault in Former.S3.Faults("Vault__Storage__Former__S3"))
                yield return fault;
        }

        if (Provider == StorageProvider.S3 && Former.Provider == StorageProvider.S3 && S3.SharesBucketWith(Former.S3))
            yield return "Vault__Storage__Former__S3 names a bucket that Vault__Storage__S3 uses too: what is moved would be deleted in the same place. Name buckets that the two do not share, key buckets included.";
    }
}

/// <summary>Where objects lay before, and lie until `storage move` has brought them over.</summary>
internal sealed class FormerStorageOptions
{
    /// <summary>None when there is no former store.</summary>
    public StorageProvider? Provider { get; set; }
    public string? Folder { get; set; }
    public S3Options S3 { get; set; } = new();

    public StoreLocation? Location() => Provider switch
    {
        StorageProvider.S3 => S3.Location(),
        StorageProvider.Folder => new FolderLocation(Path.GetFullPath(Folder!)),
        _ => null,
    };
}

internal sealed class S3Options
{
    /// <summary>Host or host:port, without a scheme.</summary>
    public string? Endpoint { get; set; }
    public string? Bucket { get; set; }

    /// <summary>Another bucket for wrapped keys, where the first keeps everything for a while by a default retention.</summary>
    public string? KeyBucket { get; set; }
    public string Region { get; set; } = "us-east-1";
    public string? AccessKey { get; set; }
    public string? SecretKey { get; set; }

    /// <summary>A file that holds the secret key, in place of <see cref="SecretKey"/>.</summary>
    public string? SecretKeyFile { get; set; }
    public bool UseTls { get; set; } = true;

    public S3Location Location() => new(Endpoint!, Bucket!, KeyBucket is { Length: > 0 } ? KeyBucket : null, Region, AccessKey!, Secret(), UseTls);

    /// <summary>By its settings; one store under two names is found by trying.</summary>
    public bool SharesBucketWith(S3Options other) =>
        string.Equals(Endpoint, other.Endpoint, StringComparison.OrdinalIgnoreCase) && Buckets.Intersect(other.Buckets, StringComparer.Ordinal).Any();

    private IEnumerable<string> Buckets => new[] { Bucket, KeyBucket }.OfType<string>().Where(bucket => bucket.Length > 0);

    public IEnumerable<string> Faults(string prefix)
    {
        if (Endpoint is null || !S3Location.IsEndpoint(Endpoint))
            yield return $"{prefix}__Endpoint is the store's host, or host:port, without https:// and without a path, such as s3.example or localhost:9000.";
        if (Bucket is null || !S3Location.IsBucket(Bucket))
            yield return $"{prefix}__Bucket is the bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens.";
        if (KeyBucket is { Length: > 0 } keys && !S3Location.IsBucket(keys))
            yield return $"{prefix}__KeyBucket is the name of a bucket for wrapped keys, or left out.";
        if (Region.Length == 0)
            yield return $"{prefix}__Region is the store's region; where it knows none, us-east-1.";
        if (AccessKey is not { Length: > 0 })
            yield return $"{prefix}__AccessKey is the access key's id.";
        if (SecretKey is { Length: > 0 } == SecretKeyFile is { Length: > 0 })
            yield return $"{prefix}__SecretKeyFile names a file that holds the secret key; or {prefix}__SecretKey holds it itself. Set one of the two.";
        else if (SecretKeyFile is { Length: > 0 } file && !File.Exists(file))
            yield return $"{prefix}__SecretKeyFile: there is no file {file}.";
    }

    private string Secret() => SecretKeyFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : SecretKey!;
}
