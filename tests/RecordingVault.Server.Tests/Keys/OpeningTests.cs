using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Keys;

/// <summary>What a start does with what it finds, over SQLite: folders can be put together by hand.</summary>
[Trait("Run", "Once")]
public sealed class OpeningTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vault-opening-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Root => Path.Combine(folder, "root.key");

    private string Database => Path.Combine(folder, "vault.db");

    private string Store => Path.Combine(folder, "store");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_wrong_root_is_refused_before_a_migration_or_the_store_is_touched()
    {
        await OpenAsync();
        // As a vault of an earlier version: its last migration is still to come.
        await SqlAsync("DELETE FROM __EFMigrationsHistory WHERE \"MigrationId\" = (SELECT max(\"MigrationId\") FROM __EFMigrationsHistory)");
        ReplaceRoot();
        var store = Files(Store);
        var key = await File.ReadAllTextAsync(Root, Ct);
        Directory.SetLastWriteTimeUtc(Store, DateTime.UnixEpoch);

        var refused = await Assert.ThrowsAsync<VaultStartException>(() => OpenAsync());

        Assert.Contains("is not the one that this vault was made with", refused.Message, StringComparison.Ordinal);
        Assert.Equal(store, Files(Store));
        Assert.Equal(DateTime.UnixEpoch, Directory.GetLastWriteTimeUtc(Store));
        Assert.Equal(key, await File.ReadAllTextAsync(Root, Ct));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_start_that_was_killed_while_it_migrated_keeps_no_later_one_waiting()
    {
        await OpenAsync();
        await SqlAsync("INSERT INTO __EFMigrationsLock (\"Id\", \"Timestamp\") VALUES (1, '2026-11-22 09:00:00')");

        await OpenAsync().WaitAsync(TestContext.Current.CancellationToken);

        // Two starts at once still don't meet, and both come to their end.
        await Task.WhenAll(OpenAsync(), OpenAsync()).WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_missing_root_is_not_made_anew()
    {
        await OpenAsync();
        File.Delete(Root);

        await Assert.ThrowsAsync<VaultStartException>(() => OpenAsync());

        Assert.False(File.Exists(Root));
    }

    [Fact]
    public async Task Beside_the_store_of_another_vault_no_root_key_and_no_database_are_made()
    {
        await OpenAsync();
        var other = Path.Combine(folder, "other");

        var refused = await Assert.ThrowsAsync<VaultStartException>(() => OpenAsync(other, Store));

        Assert.Contains("root key is missing", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(other));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_start_that_was_killed_between_key_object_and_row_goes_on(bool wasMigrated)
    {
        await OpenAsync();
        var store = Files(Store);
        if (wasMigrated)
            await SqlAsync("DELETE FROM vault_key_wraps");
        else
            DeleteDatabase();

        await OpenAsync();

        Assert.Equal(store, Files(Store));
        await OpenAsync();
    }

    [Fact]
    public async Task A_store_that_is_in_use_is_not_adopted_by_an_empty_database()
    {
        await OpenAsync(act: services => services.GetRequiredService<VaultCreation>().CreateAsync("One", new NewMember("a@example.com", "A", "a long quiet password"), Actor.System, Ct));
        DeleteDatabase();

        var refused = await Assert.ThrowsAsync<VaultStartException>(() => OpenAsync());

        Assert.Contains("Restore the database", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
    }

    private async Task OpenAsync(string? data = null, string? store = null, Func<IServiceProvider, Task>? act = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = typeof(VaultServer).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:DataDirectory"] = data ?? folder, ["Vault:Storage:Folder"] = store ?? Store });
        builder.AddVault();
        await using var app = builder.Build();
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<VaultStart>().OpenAsync(Ct);
            if (act is not null)
                await act(app.Services);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    private void ReplaceRoot()
    {
        File.Delete(Root);
        FileRootKey.Create(Root);
    }

    private void DeleteDatabase()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "vault.db*"))
            File.Delete(file);
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // sentences of the tests themselves
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.InRange(await command.ExecuteNonQueryAsync(Ct), 1, int.MaxValue);
    }

    private static List<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
}
