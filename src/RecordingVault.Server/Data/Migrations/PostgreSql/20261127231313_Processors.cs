using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Processors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "processor_id",
                table: "releases",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "processors",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<byte[]>(type: "bytea", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_processors", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_processors_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "processors");

            migrationBuilder.DropColumn(
                name: "processor_id",
                table: "releases");
        }
    }
}
