using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
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
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    language = table.Column<string>(type: "character varying(35)", maxLength: 35, nullable: false),
                    words = table.Column<byte[]>(type: "bytea", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    made_by_kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    made_by_id = table.Column<Guid>(type: "uuid", nullable: true)
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
                CREATE FUNCTION consent_texts_keep() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'A version of the words for asking is never changed and never deleted.';
                END
                $$
                """);
            migrationBuilder.Sql("CREATE TRIGGER consent_texts_keep BEFORE UPDATE OR DELETE ON consent_texts FOR EACH ROW EXECUTE FUNCTION consent_texts_keep()");
            migrationBuilder.Sql("CREATE TRIGGER consent_texts_keep_all BEFORE TRUNCATE ON consent_texts FOR EACH STATEMENT EXECUTE FUNCTION consent_texts_keep()");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_texts");

            migrationBuilder.Sql("DROP FUNCTION consent_texts_keep()");
        }
    }
}
