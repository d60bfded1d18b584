using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ProvedAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "created_by_token_id",
                table: "shares",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_mailed",
                table: "password_resets",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_mailed",
                table: "invitations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "address_returns",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    member_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    address = table.Column<byte[]>(type: "BLOB", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ends_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_address_returns", x => x.id);
                    table.ForeignKey(
                        name: "fk_address_returns_members_member_id",
                        column: x => x.member_id,
                        principalTable: "members",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_shares_tenant_id_created_by_token_id",
                table: "shares",
                columns: new[] { "tenant_id", "created_by_token_id" });

            migrationBuilder.CreateIndex(
                name: "ix_address_returns_ends_at",
                table: "address_returns",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_address_returns_member_id",
                table: "address_returns",
                column: "member_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "address_returns");

            migrationBuilder.DropIndex(
                name: "ix_shares_tenant_id_created_by_token_id",
                table: "shares");

            migrationBuilder.DropColumn(
                name: "created_by_token_id",
                table: "shares");

            migrationBuilder.DropColumn(
                name: "is_mailed",
                table: "password_resets");

            migrationBuilder.DropColumn(
                name: "is_mailed",
                table: "invitations");
        }
    }
}
