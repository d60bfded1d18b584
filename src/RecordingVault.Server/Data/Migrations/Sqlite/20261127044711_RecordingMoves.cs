using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class RecordingMoves : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "merged_into",
                table: "recordings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "recording_moves",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    from_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    to_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    member_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    token_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    was_restricted = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    percent = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    claimed_until = table.Column<long>(type: "INTEGER", nullable: true),
                    moved_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    old_manifest_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    old_manifest_sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    old_manifest_digest = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recording_moves", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_recording_moves_recordings_tenant_id_from_id",
                        columns: x => new { x.tenant_id, x.from_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_recording_moves_recordings_tenant_id_to_id",
                        columns: x => new { x.tenant_id, x.to_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "moved_assets",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    move_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    old_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    is_verified = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_moved_assets", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_moved_assets_recording_moves_tenant_id_move_id",
                        columns: x => new { x.tenant_id, x.move_id },
                        principalTable: "recording_moves",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "moved_segments",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    moved_asset_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    object_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    salt = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    plaintext_length = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_moved_segments", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_moved_segments_moved_assets_tenant_id_moved_asset_id",
                        columns: x => new { x.tenant_id, x.moved_asset_id },
                        principalTable: "moved_assets",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_moved_assets_tenant_id_move_id_old_id",
                table: "moved_assets",
                columns: new[] { "tenant_id", "move_id", "old_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_moved_segments_tenant_id_moved_asset_id_ordinal",
                table: "moved_segments",
                columns: new[] { "tenant_id", "moved_asset_id", "ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_recording_moves_tenant_id_from_id",
                table: "recording_moves",
                columns: new[] { "tenant_id", "from_id" });

            migrationBuilder.CreateIndex(
                name: "ix_recording_moves_tenant_id_state",
                table: "recording_moves",
                columns: new[] { "tenant_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_recording_moves_tenant_id_to_id",
                table: "recording_moves",
                columns: new[] { "tenant_id", "to_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "moved_segments");

            migrationBuilder.DropTable(
                name: "moved_assets");

            migrationBuilder.DropTable(
                name: "recording_moves");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "recordings");
        }
    }
}
