using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class UsagePurposes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "usage_tag",
                table: "tenants",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValueSql: "'no-tdm'");

            migrationBuilder.AddColumn<string>(
                name: "uses_needing_consent",
                table: "tenants",
                type: "character varying(128)",
                maxLength: 128,
                nullable: false,
                defaultValue: "generative-training other-training inference mining search");

            migrationBuilder.AddColumn<string>(
                name: "stated_for",
                table: "releases",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "ViewInternal");

            // There was one tag, the strictest, by another name.
            migrationBuilder.Sql("UPDATE recordings SET usage_tag = 'no-tdm'");

            migrationBuilder.CreateTable(
                name: "asset_marks",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    objections = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    found = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_asset_marks", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_asset_marks_recording_assets_tenant_id_id",
                        columns: x => new { x.tenant_id, x.id },
                        principalTable: "recording_assets",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("UPDATE recordings SET usage_tag = 'NoTdm'");

            migrationBuilder.DropTable(
                name: "asset_marks");

            migrationBuilder.DropColumn(
                name: "usage_tag",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "uses_needing_consent",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "stated_for",
                table: "releases");
        }
    }
}
