using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class MovesThatWait : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // EF would make the table anew with foreign keys off, which SQLite allows outside of a transaction only: a kill in between would leave half of this behind.
            // It is made anew with them on, and so are the two that refer to it, which would lose their rows with it: all of it happens or nothing does.
            migrationBuilder.Sql("""
                CREATE TABLE "ef_temp_recording_moves" (
                    "tenant_id" TEXT NOT NULL,
                    "id" TEXT NOT NULL,
                    "kind" TEXT NOT NULL,
                    "from_id" TEXT NOT NULL,
                    "to_id" TEXT NOT NULL,
                    "member_id" TEXT NOT NULL,
                    "token_id" TEXT NULL,
                    "was_restricted" INTEGER NOT NULL,
                    "created_at" INTEGER NOT NULL,
                    "state" TEXT NOT NULL,
                    "percent" INTEGER NOT NULL,
                    "reason" TEXT NULL,
                    "claimed_until" INTEGER NULL,
                    "moved_at" INTEGER NULL,
                    "ended_at" INTEGER NULL,
                    "old_manifest_id" TEXT NULL,
                    "old_manifest_sequence" INTEGER NOT NULL,
                    "old_manifest_digest" BLOB NULL,
                    CONSTRAINT "pk_recording_moves" PRIMARY KEY ("tenant_id", "id"),
                    CONSTRAINT "fk_recording_moves_recordings_tenant_id_from_id" FOREIGN KEY ("tenant_id", "from_id") REFERENCES "recordings" ("tenant_id", "id") ON DELETE RESTRICT
                );
                CREATE TABLE "ef_temp_moved_assets" (
                    "tenant_id" TEXT NOT NULL,
                    "id" TEXT NOT NULL,
                    "move_id" TEXT NOT NULL,
                    "old_id" TEXT NOT NULL,
                    "is_verified" INTEGER NOT NULL,
                    CONSTRAINT "pk_moved_assets" PRIMARY KEY ("tenant_id", "id"),
                    CONSTRAINT "fk_moved_assets_recording_moves_tenant_id_move_id" FOREIGN KEY ("tenant_id", "move_id") REFERENCES "ef_temp_recording_moves" ("tenant_id", "id") ON DELETE CASCADE
                );
                CREATE TABLE "ef_temp_moved_segments" (
                    "tenant_id" TEXT NOT NULL,
                    "id" TEXT NOT NULL,
                    "moved_asset_id" TEXT NOT NULL,
                    "ordinal" INTEGER NOT NULL,
                    "object_id" TEXT NOT NULL,
                    "salt" BLOB NOT NULL,
                    "plaintext_length" INTEGER NOT NULL,
                    CONSTRAINT "pk_moved_segments" PRIMARY KEY ("tenant_id", "id"),
                    CONSTRAINT "fk_moved_segments_moved_assets_tenant_id_moved_asset_id" FOREIGN KEY ("tenant_id", "moved_asset_id") REFERENCES "ef_temp_moved_assets" ("tenant_id", "id") ON DELETE CASCADE
                );
                """);
            migrationBuilder.Sql("""
                INSERT INTO "ef_temp_recording_moves"
                SELECT "tenant_id", "id", "kind", "from_id", "to_id", "member_id", "token_id", "was_restricted", "created_at", "state", "percent", "reason", "claimed_until", "moved_at", "ended_at",
                    "old_manifest_id", "old_manifest_sequence", "old_manifest_digest"
                FROM "recording_moves";
                INSERT INTO "ef_temp_moved_assets" SELECT "tenant_id", "id", "move_id", "old_id", "is_verified" FROM "moved_assets";
                INSERT INTO "ef_temp_moved_segments" SELECT "tenant_id", "id", "moved_asset_id", "ordinal", "object_id", "salt", "plaintext_length" FROM "moved_segments";
                """);
            migrationBuilder.Sql("""
                DROP TABLE "moved_segments";
                DROP TABLE "moved_assets";
                DROP TABLE "recording_moves";
                ALTER TABLE "ef_temp_recording_moves" RENAME TO "recording_moves";
                ALTER TABLE "ef_temp_moved_assets" RENAME TO "moved_assets";
                ALTER TABLE "ef_temp_moved_segments" RENAME TO "moved_segments";
                """);

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
            migrationBuilder.AddColumn<long>(
                name: "due_at",
                table: "recording_moves",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "has_leftovers",
                table: "recording_moves",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "waits",
                table: "recording_moves",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "due_at",
                table: "recording_moves");

            migrationBuilder.DropColumn(
                name: "has_leftovers",
                table: "recording_moves");

            migrationBuilder.DropColumn(
                name: "waits",
                table: "recording_moves");

            migrationBuilder.AddForeignKey(
                name: "fk_recording_moves_recordings_tenant_id_to_id",
                table: "recording_moves",
                columns: new[] { "tenant_id", "to_id" },
                principalTable: "recordings",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Restrict);
        }
    }
}
