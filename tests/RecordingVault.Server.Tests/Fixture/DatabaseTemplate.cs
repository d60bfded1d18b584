using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecordingVault.Server;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>All migrations take a second or more and run once, in a template that each vault gets a copy of. UpgradeTests run them one by one.</summary>
internal static class DatabaseTemplate
{
    private static readonly Lazy<Task<byte[]>> s_sqlite = new(MakeSqliteAsync);

    /// <summary>Puts the database of a vault that nobody has started yet into its folder.</summary>
    public static async Task CopySqliteAsync(string directory) => await File.WriteAllBytesAsync(Path.Combine(directory, FileName), await s_sqlite.Value);

    /// <summary>Does what the verb `migrate` does, with these settings.</summary>
    public static async Task MigrateAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var directory = Directory.CreateTempSubdirectory("vault-test-");
        try
        {
            await MigrateAsync(directory.FullName, settings);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private const string FileName = "vault.db";

    private static async Task MigrateAsync(string directory, IEnumerable<(string Name, string Value)> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = typeof(VaultServer).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Vault:DataDirectory", directory)).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2, StringComparer.OrdinalIgnoreCase));
        builder.AddVault();
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<VaultStart>().MigrateNowAsync(CancellationToken.None);
    }

    private static async Task<byte[]> MakeSqliteAsync()
    {
        var directory = Directory.CreateTempSubdirectory("vault-test-");
        try
        {
            await MigrateAsync(directory.FullName, []);
            // The journal is part of the database until its last connection is closed.
            SqliteConnection.ClearAllPools();
            Assert.False(File.Exists(Path.Combine(directory.FullName, FileName + "-wal")), "Somebody still has the template open.");
            return await File.ReadAllBytesAsync(Path.Combine(directory.FullName, FileName));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
