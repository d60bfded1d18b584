using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ViewingsByRecording : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<double>(
                name: "fetched_share",
                table: "viewings",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<double>(
                name: "played_times",
                table: "viewings",
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            // What was counted so far is kept: a share takes the place of bytes, and each part counts as played once.
            migrationBuilder.Sql("""
                UPDATE viewings SET played_times = played_share, fetched_share = COALESCE(fetched_bytes * 1.0 / NULLIF(
                    (SELECT size_in_bytes FROM recordings WHERE recordings.tenant_id = viewings.tenant_id AND recordings.id = viewings.recording_id), 0), 0);
                """);

            migrationBuilder.DropColumn(
                name: "played_seconds",
                table: "viewings");

            migrationBuilder.DropColumn(
                name: "fetched_bytes",
                table: "viewings");

            migrationBuilder.DropColumn(
                name: "fetched_whole",
                table: "viewings");

            migrationBuilder.CreateIndex(
                name: "ix_viewings_tenant_id_recording_id",
                table: "viewings",
                columns: new[] { "tenant_id", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_tenant_id_outcome_number",
                table: "audit_events",
                columns: new[] { "tenant_id", "outcome", "number" });

            migrationBuilder.AddForeignKey(
                name: "fk_viewings_recordings_tenant_id_recording_id",
                table: "viewings",
                columns: new[] { "tenant_id", "recording_id" },
                principalTable: "recordings",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Restrict);
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
                type: "double precision",
                nullable: false,
                defaultValue: 0.0);

            migrationBuilder.AddColumn<long>(
                name: "fetched_bytes",
                table: "viewings",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "fetched_whole",
                table: "viewings",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }
    }
}
