using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ConsentPolicy : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "consent_reasons",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recording_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    reason = table.Column<byte[]>(type: "BLOB", nullable: false),
                    made_by = table.Column<Guid>(type: "TEXT", nullable: false),
                    made_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_reasons", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_consent_reasons_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "consent_rules",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    label = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    needs = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    when_missing = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_rules", x => new { x.tenant_id, x.label, x.purpose });
                    table.ForeignKey(
                        name: "fk_consent_rules_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "consent_tasks",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recording_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    participant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    record_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    opened_at = table.Column<long>(type: "INTEGER", nullable: false),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    word = table.Column<byte[]>(type: "BLOB", nullable: true),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    closed_by = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_tasks", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_consent_tasks_consent_records_tenant_id_record_id",
                        columns: x => new { x.tenant_id, x.record_id },
                        principalTable: "consent_records",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_consent_tasks_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_consent_reasons_tenant_id_recording_id_purpose",
                table: "consent_reasons",
                columns: new[] { "tenant_id", "recording_id", "purpose" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_consent_tasks_tenant_id_closed_at_recording_id",
                table: "consent_tasks",
                columns: new[] { "tenant_id", "closed_at", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_tasks_tenant_id_record_id",
                table: "consent_tasks",
                columns: new[] { "tenant_id", "record_id" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_tasks_tenant_id_recording_id_opened_at",
                table: "consent_tasks",
                columns: new[] { "tenant_id", "recording_id", "opened_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_reasons");

            migrationBuilder.DropTable(
                name: "consent_rules");

            migrationBuilder.DropTable(
                name: "consent_tasks");
        }
    }
}
