using Hangfire.PostgreSql;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server;

/// <summary>What must be true before the first request: a database of this version, a store that works, the right root key, cookies that only this vault signs.</summary>
internal sealed class VaultStart(
    VaultMigrator migrator, VaultOpening opening, SealedStore store, FirstMember firstMember, IServiceProvider services)
{
    private readonly VaultOptions vault = services.GetRequiredService<IOptions<VaultOptions>>().Value;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        RequireName();
        await OpenAsync(cancellationToken);
        if (vault.IsWeb)
            await firstMember.PrepareAsync(cancellationToken);
        services.GetRequiredService<VaultGreeting>().MadeRootKey = opening.MadeRootKey;
        if (vault.IsWorker)
            services.GetRequiredService<Schedule>().Start();
    }

    /// <summary>Database, store and keys, without what only a server needs: the other verbs stand on this.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        PrivateFolder.Create(vault.DataPath);
        await opening.OpenExistingAsync(cancellationToken);
        await MigrateAsync(cancellationToken);
        await RequireDurableAsync(cancellationToken);
        await store.CheckAsync(cancellationToken);
        await opening.MakeAsync(cancellationToken);
        RequireSealedCookies();
    }

    /// <summary>The verb `migrate`, and every start on SQLite.</summary>
    public async Task MigrateNowAsync(CancellationToken cancellationToken)
    {
        await migrator.MigrateAsync(cancellationToken);
        if (vault.Database.Provider == DatabaseProvider.PostgreSql)
            await HangfireTables.PrepareAsync(vault, cancellationToken);
    }

    /// <summary>Where others can reach the vault it has a name, from which links, cookies and origin checks come (security.md 9).</summary>
    private void RequireName()
    {
        if (!vault.IsWeb || vault.PublicUrl is not null)
            return;
        if (ListenerAddresses.Of(services.GetRequiredService<IConfiguration>()).FirstOrDefault(address => !ListenerAddresses.IsLoopback(address)) is { } open)
        {
            throw new VaultStartException(
                $"The vault would listen on {open}, where other machines reach it, and has no name. Set Vault__PublicUrl to the address that people open, such as https://vault.example, or listen on this machine only: ASPNETCORE_URLS={ListenerAddresses.Default}.");
        }
    }

    /// <summary>An event of the log is on disk before its content leaves (P3): SQLite is told so on every connection, PostgreSQL must not be told otherwise.</summary>
    private async Task RequireDurableAsync(CancellationToken cancellationToken)
    {
        if (vault.Database.Provider != DatabaseProvider.PostgreSql)
            return;
        var settings = await DatabaseSettings.ReadPostgresAsync(vault.Database.ConnectionString!, cancellationToken);
        if (settings["synchronous_commit"] is var given and ("off" or "local"))
            throw new VaultStartException($"PostgreSQL has synchronous_commit = {given} for this connection: an event of the log could be lost after its content has left. Set it to on (ALTER ROLE … SET synchronous_commit = on, or in postgresql.conf), then start again.");
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (vault.Database.Provider == DatabaseProvider.Sqlite)
        {
            await MigrateNowAsync(cancellationToken);
            if (vault.Database.ConnectionString is null or "")
            {
                // SQLite gives later journals the mode of the database.
                var file = Path.Combine(vault.DataPath, "vault.db");
                PrivateFolder.CloseFiles(file, file + "-wal", file + "-shm");
            }

            return;
        }

        if (await migrator.PendingAsync(cancellationToken) is { Count: > 0 } pending)
            throw new VaultStartException($"The database is {pending.Count} migration(s) behind. Run the verb `migrate` with the role that owns the tables, then start again.");
    }

    /// <summary>Without our sealer Data Protection would write its keys in clear; then nothing starts (security.md 9).</summary>
    private void RequireSealedCookies()
    {
        if (services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlEncryptor is not DataProtectionSealer)
            throw new VaultStartException("Data Protection keys would be written in clear: the sealer is not in place.");
    }
}

/// <summary>Hangfire's own tables on PostgreSQL.</summary>
internal static class HangfireTables
{
    public static async Task PrepareAsync(VaultOptions vault, CancellationToken cancellationToken)
    {
        await using var connection = new Npgsql.NpgsqlConnection(vault.Database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        PostgreSqlObjectsInstaller.Install(connection, JobsRegistration.PostgreSqlStorage(prepareSchema: true).SchemaName);
    }
}
