using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
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
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    participant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    purpose = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    status = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    method = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    lawful_basis = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    said_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    recorded_by_kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    recorded_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    at_seconds = table.Column<double>(type: "double precision", nullable: true),
                    text_version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    language = table.Column<string>(type: "character varying(35)", maxLength: 35, nullable: true),
                    recording_digest = table.Column<byte[]>(type: "bytea", nullable: true),
                    note = table.Column<byte[]>(type: "bytea", nullable: true),
                    replaces = table.Column<Guid>(type: "uuid", nullable: true)
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
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    participant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    status = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    record_id = table.Column<Guid>(type: "uuid", nullable: false),
                    said_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
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
                CREATE FUNCTION consent_records_keep() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'TRUNCATE' THEN
                        RAISE EXCEPTION 'Consent records stay as long as their recordings.';
                    ELSIF TG_OP = 'UPDATE' THEN
                        RAISE EXCEPTION 'A consent record is never changed.';
                    ELSIF NOT EXISTS (SELECT 1 FROM recordings WHERE tenant_id = OLD.tenant_id AND id = OLD.recording_id AND is_being_destroyed) THEN
                        RAISE EXCEPTION 'A consent record stays as long as its recording.';
                    END IF;
                    RETURN OLD;
                END
                $$
                """);
            migrationBuilder.Sql("CREATE TRIGGER consent_records_keep BEFORE UPDATE OR DELETE ON consent_records FOR EACH ROW EXECUTE FUNCTION consent_records_keep()");
            migrationBuilder.Sql("CREATE TRIGGER consent_records_keep_all BEFORE TRUNCATE ON consent_records FOR EACH STATEMENT EXECUTE FUNCTION consent_records_keep()");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_states");

            migrationBuilder.DropTable(
                name: "consent_records");

            migrationBuilder.Sql("DROP FUNCTION consent_records_keep()");
        }
    }
}
