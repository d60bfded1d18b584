using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ConsentRecords : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "consent_records",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recording_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    participant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    method = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    lawful_basis = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    said_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    recorded_by_kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    recorded_by_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    at_seconds = table.Column<double>(type: "REAL", nullable: true),
                    text_version = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    language = table.Column<string>(type: "TEXT", maxLength: 35, nullable: true),
                    recording_digest = table.Column<byte[]>(type: "BLOB", nullable: true),
                    note = table.Column<byte[]>(type: "BLOB", nullable: true),
                    replaces = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_records", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_consent_records_participants_tenant_id_participant_id",
                        columns: x => new { x.tenant_id, x.participant_id },
                        principalTable: "participants",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_consent_records_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "consent_states",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recording_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    participant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    record_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    said_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_consent_states", x => new { x.tenant_id, x.recording_id, x.participant_id, x.purpose });
                    table.ForeignKey(
                        name: "fk_consent_states_consent_records_tenant_id_record_id",
                        columns: x => new { x.tenant_id, x.record_id },
                        principalTable: "consent_records",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_consent_states_participants_tenant_id_participant_id",
                        columns: x => new { x.tenant_id, x.participant_id },
                        principalTable: "participants",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_consent_records_tenant_id_participant_id_number",
                table: "consent_records",
                columns: new[] { "tenant_id", "participant_id", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_records_tenant_id_recording_id_number",
                table: "consent_records",
                columns: new[] { "tenant_id", "recording_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_consent_states_tenant_id_participant_id",
                table: "consent_states",
                columns: new[] { "tenant_id", "participant_id" });

            migrationBuilder.CreateIndex(
                name: "ix_consent_states_tenant_id_record_id",
                table: "consent_states",
                columns: new[] { "tenant_id", "record_id" });

            // Append-only: what was said is never changed, and goes only with a recording that is being destroyed.
            migrationBuilder.Sql("""
                CREATE TRIGGER consent_records_never_change BEFORE UPDATE ON consent_records
                BEGIN
                    SELECT RAISE(ABORT, 'A consent record is never changed.');
                END
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER consent_records_stay BEFORE DELETE ON consent_records
                WHEN NOT EXISTS (SELECT 1 FROM recordings WHERE tenant_id = OLD.tenant_id AND id = OLD.recording_id AND is_being_destroyed)
                BEGIN
                    SELECT RAISE(ABORT, 'A consent record stays as long as its recording.');
                END
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_states");

            migrationBuilder.DropTable(
                name: "consent_records");
        }
    }
}
