using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TrashDuplicatesVerification : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "damaged_since",
                table: "recordings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_being_destroyed",
                table: "recordings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "kept_both_at",
                table: "recordings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "trashed_at",
                table: "recordings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "verified_at",
                table: "recordings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "content_key",
                table: "recording_assets",
                type: "BLOB",
                maxLength: 16,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_recordings_tenant_id_trashed_at",
                table: "recordings",
                columns: new[] { "tenant_id", "trashed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_recordings_tenant_id_verified_at",
                table: "recordings",
                columns: new[] { "tenant_id", "verified_at" });

            migrationBuilder.CreateIndex(
                name: "ix_recording_assets_tenant_id_content_key",
                table: "recording_assets",
                columns: new[] { "tenant_id", "content_key" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_recordings_tenant_id_trashed_at",
                table: "recordings");

            migrationBuilder.DropIndex(
                name: "ix_recordings_tenant_id_verified_at",
                table: "recordings");

            migrationBuilder.DropIndex(
                name: "ix_recording_assets_tenant_id_content_key",
                table: "recording_assets");

            migrationBuilder.DropColumn(
                name: "damaged_since",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "is_being_destroyed",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "kept_both_at",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "trashed_at",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "verified_at",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "content_key",
                table: "recording_assets");
        }
    }
}
