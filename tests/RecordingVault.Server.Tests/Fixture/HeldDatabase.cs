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
    private readonly DbTransaction writing;

    private HeldDatabase(DbConnection connection, DbTransaction writing) => (this.connection, this.writing) = (connection, writing);

    public static async Task<HeldDatabase> TakeAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var options = vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value;
        DbConnection opened = TestVault.UsesPostgres ? new NpgsqlConnection(options.Database.ConnectionString) : new SqliteConnection(options.SqliteConnectionString);
        await opened.OpenAsync(cancellationToken);
        // On SQLite a transaction takes the right to write when it begins.
        var begun = await opened.BeginTransactionAsync(cancellationToken);
        if (TestVault.UsesPostgres)
        {
            await using var command = opened.CreateCommand();
            command.CommandText = "LOCK TABLE upload_segments IN EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return new HeldDatabase(opened, begun);
    }

    public async ValueTask DisposeAsync()
    {
        await writing.DisposeAsync();
        await connection.DisposeAsync();
    }
}
