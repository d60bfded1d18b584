using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LibraryOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "source",
                table: "recordings",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "length_or_none",
                table: "recordings",
                type: "REAL",
                nullable: false,
                computedColumnSql: "COALESCE(duration_seconds, -1)",
                stored: false);

            migrationBuilder.AddColumn<long>(
                name: "meeting_at",
                table: "recordings",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "COALESCE(recorded_at, created_at)",
                stored: false);

            migrationBuilder.AddColumn<int>(
                name: "state_place",
                table: "recordings",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "CASE state WHEN 'Failed' THEN 0 WHEN 'Receiving' THEN 1 ELSE 2 END",
                stored: false);

            migrationBuilder.CreateIndex(
                name: "ix_recordings_tenant_id_length_or_none_id",
                table: "recordings",
                columns: new[] { "tenant_id", "length_or_none", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_recordings_tenant_id_meeting_at_id",
                table: "recordings",
                columns: new[] { "tenant_id", "meeting_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_recordings_tenant_id_size_in_bytes_id",
                table: "recordings",
                columns: new[] { "tenant_id", "size_in_bytes", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_recordings_tenant_id_state_place_id",
                table: "recordings",
                columns: new[] { "tenant_id", "state_place", "id" },
                descending: new[] { false, false, true });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_recordings_tenant_id_length_or_none_id",
                table: "recordings");

            migrationBuilder.DropIndex(
                name: "ix_recordings_tenant_id_meeting_at_id",
                table: "recordings");

            migrationBuilder.DropIndex(
                name: "ix_recordings_tenant_id_size_in_bytes_id",
                table: "recordings");

            migrationBuilder.DropIndex(
                name: "ix_recordings_tenant_id_state_place_id",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "length_or_none",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "meeting_at",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "state_place",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "source",
                table: "recordings");
        }
    }
}
