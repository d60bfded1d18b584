using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class TrashDuplicatesVerification : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "damaged_since",
                table: "recordings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_being_destroyed",
                table: "recordings",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "kept_both_at",
                table: "recordings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "trashed_at",
                table: "recordings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "verified_at",
                table: "recordings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "content_key",
                table: "recording_assets",
                type: "bytea",
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
