using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ConsentTexts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "consent_texts",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 35, nullable: false),
                    words = table.Column<byte[]>(type: "BLOB", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    made_by_kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    made_by_id = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_texts", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_consent_texts_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_consent_texts_tenant_id_language_number",
                table: "consent_texts",
                columns: new[] { "tenant_id", "language", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_texts_tenant_id_number",
                table: "consent_texts",
                columns: new[] { "tenant_id", "number" },
                unique: true);

            migrationBuilder.Sql("""
                CREATE TRIGGER consent_texts_never_change BEFORE UPDATE ON consent_texts
                BEGIN
                    SELECT RAISE(ABORT, 'A version of the words for asking is never changed.');
                END
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER consent_texts_stay BEFORE DELETE ON consent_texts
                BEGIN
                    SELECT RAISE(ABORT, 'A version of the words for asking is never deleted.');
                END
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_texts");
        }
    }
}
