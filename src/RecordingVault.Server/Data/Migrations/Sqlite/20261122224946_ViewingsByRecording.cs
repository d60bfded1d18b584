using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ViewingsByRecording : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // EF would make the table anew with foreign keys off, which SQLite allows outside of a transaction only: a kill in between would leave half of
            // this behind. Nothing refers to this table, so it is made anew with them on, and all of it happens or nothing does.
            migrationBuilder.Sql("""
                CREATE TABLE "ef_temp_viewings" (
                    "tenant_id" TEXT NOT NULL,
                    "id" TEXT NOT NULL,
                    "fetched_share" REAL NOT NULL,
                    "grant_id" TEXT NOT NULL,
                    "last_seen_at" INTEGER NOT NULL,
                    "played_parts" TEXT NOT NULL,
                    "played_share" REAL NOT NULL,
                    "played_times" REAL NOT NULL,
                    "recording_id" TEXT NOT NULL,
                    "share_id" TEXT NOT NULL,
                    "started_at" INTEGER NULL,
                    CONSTRAINT "pk_viewings" PRIMARY KEY ("tenant_id", "id"),
                    CONSTRAINT "fk_viewings_recordings_tenant_id_recording_id" FOREIGN KEY ("tenant_id", "recording_id") REFERENCES "recordings" ("tenant_id", "id") ON DELETE RESTRICT,
                    CONSTRAINT "fk_viewings_shares_tenant_id_share_id" FOREIGN KEY ("tenant_id", "share_id") REFERENCES "shares" ("tenant_id", "id") ON DELETE RESTRICT
                );
                """);

            // What was counted so far is kept: a share takes the place of bytes, and each part counts as played once.
            migrationBuilder.Sql("""
                INSERT INTO "ef_temp_viewings" ("tenant_id", "id", "fetched_share", "grant_id", "last_seen_at", "played_parts", "played_share", "played_times", "recording_id", "share_id", "started_at")
                SELECT "tenant_id", "id", COALESCE("fetched_bytes" * 1.0 / NULLIF(
                    (SELECT "size_in_bytes" FROM "recordings" WHERE "recordings"."tenant_id" = "viewings"."tenant_id" AND "recordings"."id" = "viewings"."recording_id"), 0), 0),
                    "grant_id", "last_seen_at", "played_parts", "played_share", "played_share", "recording_id", "share_id", "started_at"
                FROM "viewings";
                """);

            migrationBuilder.Sql("""
                DROP TABLE "viewings";
                ALTER TABLE "ef_temp_viewings" RENAME TO "viewings";
                """);

            migrationBuilder.CreateIndex(
                name: "ix_viewings_tenant_id_grant_id",
                table: "viewings",
                columns: new[] { "tenant_id", "grant_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_viewings_tenant_id_recording_id",
                table: "viewings",
                columns: new[] { "tenant_id", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_viewings_tenant_id_share_id_last_seen_at",
                table: "viewings",
                columns: new[] { "tenant_id", "share_id", "last_seen_at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_tenant_id_outcome_number",
                table: "audit_events",
                columns: new[] { "tenant_id", "outcome", "number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_viewings_recordings_tenant_id_recording_id",
                table: "viewings");

            migrationBuilder.DropIndex(
                name: "ix_viewings_tenant_id_recording_id",
                table: "viewings");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_tenant_id_outcome_number",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "fetched_share",
                table: "viewings");

            migrationBuilder.DropColumn(
                name: "played_times",
                table: "viewings");

            migrationBuilder.AddColumn<double>(
                name: "played_seconds",
                table: "viewings",
                type: "REAL",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "fetched_bytes",
                table: "viewings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "fetched_whole",
                table: "viewings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }
    }
}
