using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Tests.Data;

#pragma warning disable RS0030 // The tests look at the whole model from outside any tenant.


[Trait("Run", "Once")]
public sealed class ModelTests
{
    [Fact]
    public void The_migrations_of_both_databases_say_what_the_model_says()
    {
        using var sqlite = new SqliteDesign().CreateDbContext([]);
        using var npgsql = new NpgsqlDesign().CreateDbContext([]);

        Assert.False(sqlite.Database.HasPendingModelChanges(), "infra/migrations.sh NAME adds what is missing");
        Assert.False(npgsql.Database.HasPendingModelChanges(), "infra/migrations.sh NAME adds what is missing");
    }

    [Fact]
    public void A_migration_of_SQLite_happens_as_a_whole_or_not_at_all()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var migrations = db.GetService<IMigrationsAssembly>();
        var generator = db.GetService<IMigrationsSqlGenerator>();
        var models = db.GetService<IModelRuntimeInitializer>();

        var outside =
            from migration in migrations.Migrations
            let made = migrations.CreateMigration(migration.Value, db.Database.ProviderName!)
            from command in generator.Generate(made.UpOperations, models.Initialize(made.TargetModel))
            where command.TransactionSuppressed
            select $"{migration.Key} leaves its transaction: {command.CommandText.Trim()}";

        Assert.Equal("", string.Join('\n', outside));
    }

    [Fact]
    public void Every_tenant_table_has_a_key_and_foreign_keys_that_begin_with_the_tenant()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var tenantTables = db.Model.GetEntityTypes().Where(type => type.ClrType.IsAssignableTo(typeof(ITenantOwned))).ToList();

        Assert.NotEmpty(tenantTables);
        Assert.All(tenantTables, type => Assert.Equal("tenant_id", type.FindPrimaryKey()!.Properties[0].GetColumnName()));
        var crossing = tenantTables.SelectMany(type => type.GetForeignKeys())
            .Where(key => key.PrincipalEntityType.ClrType.IsAssignableTo(typeof(ITenantOwned)) && key.Properties[0].GetColumnName() != "tenant_id");
        Assert.Empty(crossing.Select(key => key.GetConstraintName()));
    }

    [Fact]
    public void Every_tenant_table_is_filtered_by_the_tenant()
    {
        using var db = new SqliteDesign().CreateDbContext([]);

        var unfiltered = db.Model.GetEntityTypes()
            .Where(type => type.ClrType.IsAssignableTo(typeof(ITenantOwned)) && type.FindDeclaredQueryFilter(VaultDbContext.TenantFilter) is null);

        Assert.Empty(unfiltered.Select(type => type.ClrType.Name));
    }

    [Fact]
    public void A_scope_without_a_tenant_can_neither_list_nor_look_up()
    {
        using var db = new SqliteDesign().CreateDbContext([]);

        Assert.Throws<InvalidOperationException>(() => db.Recordings.ToQueryString());
        Assert.Throws<InvalidOperationException>(() => db.TenantId);
    }
}
