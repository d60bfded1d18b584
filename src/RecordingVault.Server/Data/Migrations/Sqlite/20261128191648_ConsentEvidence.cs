using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ConsentEvidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<double>(
                name: "until_seconds",
                table: "consent_records",
                type: "REAL",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "consent_evidence",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    added_by_kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    added_by_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    kept_until = table.Column<long>(type: "INTEGER", nullable: true),
                    object_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    size_in_bytes = table.Column<long>(type: "INTEGER", nullable: true),
                    name = table.Column<byte[]>(type: "BLOB", nullable: true),
                    digest = table.Column<byte[]>(type: "BLOB", nullable: true),
                    about = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_evidence", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_consent_evidence_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "consent_evidence_records",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    evidence_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    record_id = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_evidence_records", x => new { x.tenant_id, x.record_id, x.evidence_id });
                    table.ForeignKey(
                        name: "fk_consent_evidence_records_consent_evidence_tenant_id_evidence_id",
                        columns: x => new { x.tenant_id, x.evidence_id },
                        principalTable: "consent_evidence",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_consent_evidence_records_consent_records_tenant_id_record_id",
                        columns: x => new { x.tenant_id, x.record_id },
                        principalTable: "consent_records",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_consent_evidence_tenant_id_created_at_id",
                table: "consent_evidence",
                columns: new[] { "tenant_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_evidence_records_tenant_id_evidence_id",
                table: "consent_evidence_records",
                columns: new[] { "tenant_id", "evidence_id" });

            migrationBuilder.Sql("""
                CREATE TRIGGER consent_evidence_never_changes BEFORE UPDATE OF id, tenant_id, created_at, added_by_kind, added_by_id, kept_until, object_id, kind, size_in_bytes, name, digest, about ON consent_evidence
                WHEN OLD.object_id IS NOT NULL
                BEGIN
                    SELECT RAISE(ABORT, 'What was bound is never changed.');
                END
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER consent_evidence_records_never_change BEFORE UPDATE ON consent_evidence_records
                BEGIN
                    SELECT RAISE(ABORT, 'What was bound is never changed.');
                END
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_evidence_records");

            migrationBuilder.DropTable(
                name: "consent_evidence");

            migrationBuilder.DropColumn(
                name: "until_seconds",
                table: "consent_records");
        }
    }
}
