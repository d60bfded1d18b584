using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class MovesThatWait : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_recording_moves_recordings_tenant_id_to_id",
                table: "recording_moves");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "due_at",
                table: "recording_moves",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "has_leftovers",
                table: "recording_moves",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "waits",
                table: "recording_moves",
                type: "integer",
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
