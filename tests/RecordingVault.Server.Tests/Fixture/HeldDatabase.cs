using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Tests.Fixture;

/// <summary>Somebody else writes to the database, and does not come to an end: until this is disposed no upload is acknowledged. Reading goes on.</summary>
internal sealed class HeldDatabase : IAsyncDisposable
{
    private readonly DbConnection connection;

    private HeldDatabase(DbConnection connection) => this.connection = connection;

    public static async Task<HeldDatabase> TakeAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var options = vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value;
        DbConnection opened = TestVault.UsesPostgres ? new NpgsqlConnection(options.Database.ConnectionString) : new SqliteConnection(options.SqliteConnectionString);
        await opened.OpenAsync(cancellationToken);
        foreach (var sentence in TestVault.UsesPostgres ? ["BEGIN", "LOCK TABLE upload_segments IN EXCLUSIVE MODE"] : new[] { "BEGIN IMMEDIATE" })
        {
            await using var command = opened.CreateCommand();
#pragma warning disable CA2100 // sentences of the tests themselves
            command.CommandText = sentence;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        return new HeldDatabase(opened);
    }

    public async ValueTask DisposeAsync()
    {
        await using (connection)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "ROLLBACK";
            await command.ExecuteNonQueryAsync();
        }
    }
}
