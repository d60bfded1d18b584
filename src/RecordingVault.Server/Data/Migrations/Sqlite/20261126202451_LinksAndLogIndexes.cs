using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LinksAndLogIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_shares_tenant_id_created_at_id",
                table: "shares",
                columns: new[] { "tenant_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_tenant_id_actor_id_number",
                table: "audit_events",
                columns: new[] { "tenant_id", "actor_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_tenant_id_time",
                table: "audit_events",
                columns: new[] { "tenant_id", "time" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_shares_tenant_id_created_at_id",
                table: "shares");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_tenant_id_actor_id_number",
                table: "audit_events");

            migrationBuilder.DropIndex(
                name: "ix_audit_events_tenant_id_time",
                table: "audit_events");
        }
    }
}
