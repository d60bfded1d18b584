using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
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
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "language",
                table: "recording_assets",
                type: "character varying(8)",
                maxLength: 8,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "asset_processings",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    failure = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    percent = table.Column<int>(type: "integer", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    duration_seconds = table.Column<double>(type: "double precision", nullable: true),
                    width = table.Column<int>(type: "integer", nullable: true),
                    height = table.Column<int>(type: "integer", nullable: true),
                    video_codec = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    sound_codec = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    began_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    sheet_step_seconds = table.Column<double>(type: "double precision", nullable: true),
                    sheet_columns = table.Column<int>(type: "integer", nullable: true),
                    chapters = table.Column<byte[]>(type: "bytea", nullable: true)
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
