using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Recovery : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "address_changes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    member_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    new_address = table.Column<byte[]>(type: "BLOB", nullable: false),
                    new_secret_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    old_secret_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    stamp = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ends_at = table.Column<long>(type: "INTEGER", nullable: false),
                    new_agreed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    old_agreed_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_address_changes", x => x.id);
                    table.ForeignKey(
                        name: "fk_address_changes_members_member_id",
                        column: x => x.member_id,
                        principalTable: "members",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "factor_removals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    member_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    asked_by_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    secret_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    asked_at = table.Column<long>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_factor_removals", x => x.id);
                    table.ForeignKey(
                        name: "fk_factor_removals_members_member_id",
                        column: x => x.member_id,
                        principalTable: "members",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "password_resets",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    member_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    stamp = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    made_by_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ends_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_password_resets", x => x.id);
                    table.ForeignKey(
                        name: "fk_password_resets_members_member_id",
                        column: x => x.member_id,
                        principalTable: "members",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_address_changes_ends_at",
                table: "address_changes",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_address_changes_member_id",
                table: "address_changes",
                column: "member_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_factor_removals_due_at",
                table: "factor_removals",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_factor_removals_member_id",
                table: "factor_removals",
                column: "member_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_password_resets_ends_at",
                table: "password_resets",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "ix_password_resets_member_id",
                table: "password_resets",
                column: "member_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "address_changes");

            migrationBuilder.DropTable(
                name: "factor_removals");

            migrationBuilder.DropTable(
                name: "password_resets");
        }
    }
}
