using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class StoredFronts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "stored_fronts",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tag = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    plain_digest = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    object_id = table.Column<Guid>(type: "uuid", nullable: true),
                    front_digest = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    file_digest = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stored_fronts", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_stored_fronts_recording_assets_tenant_id_id",
                        columns: x => new { x.tenant_id, x.id },
                        principalTable: "recording_assets",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_stored_fronts_tenant_id_recording_id",
                table: "stored_fronts",
                columns: new[] { "tenant_id", "recording_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "stored_fronts");
        }
    }
}
