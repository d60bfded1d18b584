using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace RecordingVault.Server.Data;

/// <summary>Which failure of the database it was, in the words of either engine.</summary>
internal static class DatabaseFaults
{
    // SQLITE_CONSTRAINT with its two kinds: of a primary key, of another unique index.
    private const int SqliteConstraint = 19;
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;
    private const int SqliteError = 1;

    /// <summary>Whether a row was refused because another one with the same key is there; any other failed save (a full disk, a lost connection) is none.</summary>
    public static bool IsUniqueViolation(this DbUpdateException refused) => refused.InnerException switch
    {
        SqliteException { SqliteErrorCode: SqliteConstraint, SqliteExtendedErrorCode: SqlitePrimaryKey or SqliteUnique } => true,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        _ => false,
    };

    /// <summary>Whether the table is not there yet: the database is empty.</summary>
    public static bool IsMissingTable(this DbException fault) => fault switch
    {
        SqliteException { SqliteErrorCode: SqliteError } missing => missing.Message.Contains("no such table", StringComparison.Ordinal),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => true,
        _ => false,
    };
}
