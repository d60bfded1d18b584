using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Operators : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "purposes",
                table: "api_tokens",
                type: "TEXT",
                maxLength: 256,
                nullable: false,
                defaultValue: "view download");

            migrationBuilder.CreateTable(
                name: "operators",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<byte[]>(type: "BLOB", nullable: false),
                    name_digest = table.Column<byte[]>(type: "BLOB", maxLength: 16, nullable: false),
                    email = table.Column<byte[]>(type: "BLOB", nullable: true),
                    password_hash = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    seed = table.Column<byte[]>(type: "BLOB", nullable: false),
                    last_step = table.Column<long>(type: "INTEGER", nullable: true),
                    stamp = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    must_change_password = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    signed_in_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operators", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "operator_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    operator_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    stamp = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    signed_in_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_seen_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operator_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_operator_sessions_operators_operator_id",
                        column: x => x.operator_id,
                        principalTable: "operators",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_operator_sessions_operator_id",
                table: "operator_sessions",
                column: "operator_id");

            migrationBuilder.CreateIndex(
                name: "ix_operator_sessions_secret_hash",
                table: "operator_sessions",
                column: "secret_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_operators_name_digest",
                table: "operators",
                column: "name_digest",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "operator_sessions");

            migrationBuilder.DropTable(
                name: "operators");

            migrationBuilder.DropColumn(
                name: "purposes",
                table: "api_tokens");
        }
    }
}
