using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Processing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "derived_from",
                table: "recording_assets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "language",
                table: "recording_assets",
                type: "TEXT",
                maxLength: 8,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "asset_processings",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recording_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    failure = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    percent = table.Column<int>(type: "INTEGER", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    claimed_until = table.Column<long>(type: "INTEGER", nullable: true),
                    duration_seconds = table.Column<double>(type: "REAL", nullable: true),
                    width = table.Column<int>(type: "INTEGER", nullable: true),
                    height = table.Column<int>(type: "INTEGER", nullable: true),
                    video_codec = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    sound_codec = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    began_at = table.Column<long>(type: "INTEGER", nullable: true),
                    sheet_step_seconds = table.Column<double>(type: "REAL", nullable: true),
                    sheet_columns = table.Column<int>(type: "INTEGER", nullable: true),
                    chapters = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asset_processings", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_asset_processings_recording_assets_tenant_id_id",
                        columns: x => new { x.tenant_id, x.id },
                        principalTable: "recording_assets",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_asset_processings_tenant_id_recording_id",
                table: "asset_processings",
                columns: new[] { "tenant_id", "recording_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "asset_processings");

            migrationBuilder.DropColumn(
                name: "derived_from",
                table: "recording_assets");

            migrationBuilder.DropColumn(
                name: "language",
                table: "recording_assets");
        }
    }
}
