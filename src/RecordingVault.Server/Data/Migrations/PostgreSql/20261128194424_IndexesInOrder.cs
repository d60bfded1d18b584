using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class IndexesInOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_recording_assets_tenant_id_recording_id",
                table: "recording_assets");

            migrationBuilder.DropIndex(
                name: "ix_participants_tenant_id_recording_id",
                table: "participants");

            migrationBuilder.CreateIndex(
                name: "ix_recording_assets_tenant_id_recording_id_id",
                table: "recording_assets",
                columns: new[] { "tenant_id", "recording_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_participants_tenant_id_recording_id_id",
                table: "participants",
                columns: new[] { "tenant_id", "recording_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_recording_assets_tenant_id_recording_id_id",
                table: "recording_assets");

            migrationBuilder.DropIndex(
                name: "ix_participants_tenant_id_recording_id_id",
                table: "participants");

            migrationBuilder.CreateIndex(
                name: "ix_recording_assets_tenant_id_recording_id",
                table: "recording_assets",
                columns: new[] { "tenant_id", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_participants_tenant_id_recording_id",
                table: "participants",
                columns: new[] { "tenant_id", "recording_id" });
        }
    }
}
