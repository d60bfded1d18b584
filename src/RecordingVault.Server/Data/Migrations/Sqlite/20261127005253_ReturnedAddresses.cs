using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ReturnedAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "totp_since",
                table: "members",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "asked_at",
                table: "address_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "was_proved",
                table: "address_returns",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "totp_since",
                table: "members");

            migrationBuilder.DropColumn(
                name: "asked_at",
                table: "address_returns");

            migrationBuilder.DropColumn(
                name: "was_proved",
                table: "address_returns");
        }
    }
}
