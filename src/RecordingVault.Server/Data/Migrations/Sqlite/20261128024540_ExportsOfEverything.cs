using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ExportsOfEverything : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "fetched_at",
                table: "package_exports",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "fetched_whole_at",
                table: "package_exports",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "fetches",
                table: "package_exports",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "package_exports",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "run_id",
                table: "package_exports",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "everything_runs",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    stated_for = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    recipient = table.Column<byte[]>(type: "BLOB", nullable: false),
                    member_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    session_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    token_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    licensed_until = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    round = table.Column<int>(type: "INTEGER", nullable: false),
                    claimed_until = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_everything_runs", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_everything_runs_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_package_exports_tenant_id_run_id_state",
                table: "package_exports",
                columns: new[] { "tenant_id", "run_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_everything_runs_tenant_id_state",
                table: "everything_runs",
                columns: new[] { "tenant_id", "state" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "everything_runs");

            migrationBuilder.DropIndex(
                name: "ix_package_exports_tenant_id_run_id_state",
                table: "package_exports");

            migrationBuilder.DropColumn(
                name: "fetched_at",
                table: "package_exports");

            migrationBuilder.DropColumn(
                name: "fetched_whole_at",
                table: "package_exports");

            migrationBuilder.DropColumn(
                name: "fetches",
                table: "package_exports");

            migrationBuilder.DropColumn(
                name: "round",
                table: "package_exports");

            migrationBuilder.DropColumn(
                name: "run_id",
                table: "package_exports");
        }
    }
}
