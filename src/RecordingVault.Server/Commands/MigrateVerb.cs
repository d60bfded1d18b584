using System.CommandLine;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Commands;

/// <summary>`migrate`: brings the database to this version. On PostgreSQL it runs under the role that owns the tables; on SQLite every start does the same.</summary>
internal static class MigrateVerb
{
    public static Command Command()
    {
        var command = new Command("migrate", "Bring the database to this version (on PostgreSQL; a SQLite vault does it at every start).");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var vault = OpenedVault.Describe();
        await using var scope = vault.Services.CreateAsyncScope();
        var pending = await scope.ServiceProvider.GetRequiredService<VaultMigrator>().PendingAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<VaultStart>().MigrateNowAsync(cancellationToken);
        Console.WriteLine(pending.Count == 0 ? "The database is of this version already." : $"Done: {string.Join(", ", pending)}");
        return 0;
    }
}
