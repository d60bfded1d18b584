using System.ComponentModel.DataAnnotations;
using Microsoft.Data.Sqlite;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Platform.Configuration;

internal enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
}

internal enum RootKeyProvider
{
    File,
    Environment,
}

/// <summary>Where a vault stands and how it is reached: the keys under <c>Vault</c> (docs/operations.md has the table).</summary>
internal sealed class VaultOptions
{
    [Required(ErrorMessage = "Vault__DataDirectory names the folder for database, store and root key.")]
    public string DataDirectory { get; set; } = "data";
    public DatabaseOptions Database { get; set; } = new();
    public StorageOptions Storage { get; set; } = new();
    public KeyOptions Keys { get; set; } = new();
    public ProxyOptions Proxy { get; set; } = new();
    public ManagementOptions Management { get; set; } = new();
    public SetupOptions Setup { get; set; } = new();
    public ScrubOptions Scrub { get; set; } = new();
    public ProcessingOptions Processing { get; set; } = new();
    public UploadLimits Uploads { get; set; } = new();
    public BackupOptions Backup { get; set; } = new();
    public LinkLimits Links { get; set; } = new();
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>The address that people use, such as https://vault.example. Required outside loopback; links and origin checks come from it and never from the Host header.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Path of a file with the networks of AI crawlers; none by default.</summary>
    public string? CrawlerNetworks { get; set; }

    /// <summary>web (pages and API), worker (jobs), or both. A node that is no web answers /health alone.</summary>
    public string Roles { get; set; } = "web,worker";

    public bool IsWeb => Roles.Split(',', StringSplitOptions.TrimEntries).Contains("web", StringComparer.OrdinalIgnoreCase);

    public bool IsWorker => Roles.Split(',', StringSplitOptions.TrimEntries).Contains("worker", StringComparer.OrdinalIgnoreCase);
    public string DataPath => Path.GetFullPath(DataDirectory);
    public string StorePath => Storage.Folder is { Length: > 0 } folder ? Path.GetFullPath(folder) : Path.Combine(DataPath, "store");

    /// <summary>A method, like all that reads a file: the validation of the settings reads every property.</summary>
    public StoreLocation StoreLocation() => Storage.Provider == StorageProvider.S3 ? Storage.S3.Location() : new FolderLocation(StorePath);
    public string RootKeyPath => Keys.File is { Length: > 0 } file ? Path.GetFullPath(file) : Path.Combine(DataPath, "root.key");

    public bool SqliteFileExists() => File.Exists(SqliteFile());

    /// <summary>A method, since the validation of the settings reads every property, also where the connection string is not SQLite's.</summary>
    public string SqliteFile() => new SqliteConnectionStringBuilder(SqliteConnectionString).DataSource;

    public string SqliteConnectionString => Database.ConnectionString is { Length: > 0 } given
        ? given
        : new SqliteConnectionStringBuilder { DataSource = Path.Combine(DataPath, "vault.db") }.ToString();
}

internal sealed class DatabaseOptions
{
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;
    public string? ConnectionString { get; set; }
}

internal sealed class BackupOptions
{
    /// <summary>For how many days copies of wrapped keys are kept in backups, archives of the database's log, snapshots and replicas: the longest of them. A certificate of destruction says until when they count.</summary>
    [Range(0, 3660, ErrorMessage = "Vault__Backup__KeysKeptDays is the number of days, 0 to 3660, for which backups keep wrapped keys.")]
    public int KeysKeptDays { get; set; } = 30;
}

internal sealed class KeyOptions
{
    public RootKeyProvider Provider { get; set; } = RootKeyProvider.File;

    /// <summary>Path of the root key; by default <c>root.key</c> in the data directory, made at the first start.</summary>
    public string? File { get; set; }
}

internal sealed class ProxyOptions
{
    /// <summary>Addresses of proxies whose X-Forwarded headers are believed, comma-separated; none by default.</summary>
    public string Trusted { get; set; } = "";
}

internal sealed class ManagementOptions
{
    /// <summary>Addresses of the operator's own listener, comma-separated; none by default. On this machine alone, or https.</summary>
    public string Urls { get; set; } = "";
}

/// <summary>First start without a page: an owner and a tenant made from the environment.</summary>
internal sealed class SetupOptions
{
    public string? Email { get; set; }
    public string? Password { get; set; }
    public string? Tenant { get; set; }
}

internal sealed class UploadLimits
{
    /// <summary>Bytes that one tenant may keep; 0 = no limit.</summary>
    public long QuotaPerTenant { get; set; }

    /// <summary>Longest upload, in bytes. 65,536 segments of 4 MiB are 256 GiB, the format's limit.</summary>
    [Range(1, 274_877_906_944, ErrorMessage = "Vault__Uploads__MaxLength is between 1 byte and 256 GiB.")]
    public long MaxLength { get; set; } = 274_877_906_944;
}

internal sealed class LinkLimits
{
    /// <summary>So long after its last use an opened link asks for its secret again.</summary>
    [Range(1, 30, ErrorMessage = "Vault__Links__IdleMinutes is between 1 and 30.")]
    public int IdleMinutes { get; set; } = 30;
}

/// <summary>Reading again what is stored, so that damage is found while a backup still has it whole.</summary>
internal sealed class ScrubOptions
{
    /// <summary>At most so much is read a second; 0 = never.</summary>
    [Range(0, 1L << 40, ErrorMessage = "Vault__Scrub__BytesPerSecond is a number of bytes, or 0.")]
    public long BytesPerSecond { get; set; } = 8 * 1024 * 1024;

    /// <summary>Each recording is read once in so many days.</summary>
    [Range(1, 3650, ErrorMessage = "Vault__Scrub__Days is between 1 and 3650.")]
    public int Days { get; set; } = 30;
}
