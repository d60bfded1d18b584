using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class TwoFactors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "requires_two_factors",
                table: "tenants",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "has_two_factors",
                table: "sessions",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "language",
                table: "members",
                type: "character varying(8)",
                maxLength: 8,
                nullable: false,
                defaultValue: "en");

            migrationBuilder.AddColumn<long>(
                name: "last_totp_step",
                table: "members",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "requires_two_factors",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "has_two_factors",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "language",
                table: "members");

            migrationBuilder.DropColumn(
                name: "last_totp_step",
                table: "members");
        }
    }
}
