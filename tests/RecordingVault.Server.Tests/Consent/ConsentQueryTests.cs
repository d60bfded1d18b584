using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>What is asked of the ledger is a walk over the beginning of a key, whatever else the tenant has on record.</summary>
public sealed class ConsentQueryTests(SharedVault shared)
{
    private const string Tenant = "'11111111-1111-1111-1111-111111111111'";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT recording_id, participant_id, purpose, status FROM consent_states WHERE tenant_id = {0} AND recording_id IN ({0}, {0})", "consent_states")]
    [InlineData("SELECT * FROM consent_records WHERE tenant_id = {0} AND recording_id = {0} ORDER BY number DESC LIMIT 51", "tenant_id_recording_id_number")]
    [InlineData("SELECT * FROM consent_records WHERE tenant_id = {0} AND recording_id = {0} AND participant_id = {0} AND number < 1000 ORDER BY number DESC LIMIT 51", "number")]
    public async Task The_plan_begins_with_tenant_and_recording(string question, string index)
    {
        var plan = await PlanAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, question, Tenant));

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.Contains("tenant_id", plan, StringComparison.Ordinal);
        Assert.Contains("recording_id", plan, StringComparison.Ordinal);
        Assert.Contains(TestVault.UsesPostgres ? "Index Cond" : "SEARCH", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN consent", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    /// <summary>SQLite has no statistics: for rows in the order of their ids it walked a tenant's whole table by its key, however many rows the recording has.</summary>
    [Theory]
    [Trait("Run", "Once")]
    [InlineData("SELECT * FROM participants WHERE tenant_id = {0} AND recording_id = {0} ORDER BY id")]
    [InlineData("SELECT recording_id, COUNT(*) FROM participants WHERE tenant_id = {0} AND recording_id IN ({0}, {0}) GROUP BY recording_id")]
    [InlineData("SELECT * FROM recording_assets WHERE tenant_id = {0} AND recording_id = {0} ORDER BY id")]
    public async Task A_recordings_rows_come_in_order_without_a_walk_over_the_tenants(string question)
    {
        var plan = await PlanAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, question, Tenant));

        Assert.Contains("tenant_id_recording_id_id (tenant_id=? AND recording_id=?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(string question)
    {
        var options = shared.Vault.Services.GetRequiredService<IOptions<VaultOptions>>().Value;
        await using DbConnection connection = TestVault.UsesPostgres ? new NpgsqlConnection(options.Database.ConnectionString) : new SqliteConnection(options.SqliteConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // sentences of the tests themselves
        // A table of a few rows is read whole by PostgreSQL, whatever indexes it has: what is asked here is what it does with many.
        command.CommandText = TestVault.UsesPostgres ? $"SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN {question}" : $"EXPLAIN QUERY PLAN {question}";
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync(Ct);
        var lines = new List<string>();
        while (await rows.ReadAsync(Ct))
            lines.Add(rows.GetString(rows.FieldCount - 1));
        return string.Join('\n', lines);
    }
}
