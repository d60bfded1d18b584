using System.Text.RegularExpressions;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>Where the walls between tenants have doors (security.md of the design, P8). Each list is exact: what is new must be added, what went must go.</summary>
[Trait("Run", "Once")]
public sealed partial class WallTests
{
    /// <summary>Files that may use a banned symbol, each with its reason beside the pragma.</summary>
    private static readonly string[] MayUseBannedSymbols = ["src/RecordingVault.Server/Data/SqlitePragmas.cs", "src/RecordingVault.Server/Data/VaultMigrator.cs", "src/RecordingVault.Server/Features/Tenants/TenantsTogether.cs"];

    /// <summary>Files that may lift the tenant filter, by its name.</summary>
    private static readonly string[] MayLiftFilters =
    [
        "src/RecordingVault.Server/Features/Tenants/SystemScope.cs",
    ];

    /// <summary>Types that may hold a connection or a command of their own.</summary>
    private static readonly string[] MayHoldConnections =
    [
        "RecordingVault.Server.Data.DatabaseSettings",
        "RecordingVault.Server.Data.SqlitePragmas",
        "RecordingVault.Server.Features.Tenants.TenantsTogether",
        "RecordingVault.Server.HangfireTables",
        "RecordingVault.Server.Platform.Jobs.JobsRegistration",
    ];

    private static readonly IReadOnlyList<string> Sources = Checkout.CSharpFiles("src");

    [Fact]
    public void Banned_symbols_are_used_in_listed_files_only() =>
        Assert.Equal(MayUseBannedSymbols, Sources.Where(path => LiftedBan().IsMatch(Checkout.Read(path))));

    [Fact]
    public void A_lifted_ban_says_why()
    {
        var silent = from path in Sources
                     from line in Checkout.Read(path).Split('\n')
                     where LiftedBan().IsMatch(line) && line.Contains("disable", StringComparison.Ordinal) && !line.Contains("//", StringComparison.Ordinal)
                     select path;

        Assert.Empty(silent);
    }

    [Fact]
    public void No_configuration_file_lifts_a_ban() =>
        Assert.Equal(["dotnet_diagnostic.RS0030.severity = error"], Checkout.Read(".editorconfig").Split('\n').Where(line => line.Contains("RS0030", StringComparison.Ordinal)));

    [Fact]
    public void The_tenant_filter_is_lifted_in_listed_files_only() =>
        Assert.Equal(MayLiftFilters, Sources.Where(path => Checkout.Read(path).Contains("IgnoreQueryFilters", StringComparison.Ordinal)));

    [Fact]
    public void Connections_are_held_by_listed_types_only()
    {
        string[] doors = ["Microsoft.Data.Sqlite.SqliteConnection", "Npgsql.NpgsqlConnection", "Npgsql.NpgsqlDataSource", "System.Data.Common.DbConnection", "System.Data.Common.DbCommand"];
        var holders = CompiledType.ReadAll(typeof(Program).Assembly).Where(type => !type.Namespace.Contains(".Migrations", StringComparison.Ordinal) && doors.Any(type.Uses));

        Assert.Equal(string.Join('\n', MayHoldConnections), string.Join('\n', holders.Select(type => type.FullName).Order(StringComparer.Ordinal)));
    }

    /// <summary>Whatever must not be guessed is drawn by `RandomNumberGenerator`. The one who throws dice is a pause between two tries.</summary>
    [Fact]
    public void Nothing_is_left_to_dice_that_can_be_guessed()
    {
        var types = CompiledType.ReadAll(typeof(Program).Assembly).Concat(CompiledType.ReadAll(typeof(RecordingVault.Vault.Storage.SealedStore).Assembly));

        Assert.Equal(["RecordingVault.Vault.Storage.S3.S3Attempts"], types.Where(type => type.Uses("System.Random")).Select(type => type.FullName));
    }

    [GeneratedRegex(@"#pragma warning \w+ .*RS0030|SuppressMessage\(.*RS0030")]
    private static partial Regex LiftedBan();
}
