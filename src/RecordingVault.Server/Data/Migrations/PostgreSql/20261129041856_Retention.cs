using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Retention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "retention_generation",
                table: "tenants",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_viewed_at",
                table: "recordings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "trashed_until",
                table: "recordings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "collections",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_collections", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_collections_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "due_feeds",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    member_id = table.Column<Guid>(type: "uuid", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_due_feeds", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_due_feeds_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "matters",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<byte[]>(type: "bytea", nullable: false),
                    note = table.Column<byte[]>(type: "bytea", nullable: true),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    opened_by = table.Column<Guid>(type: "uuid", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_by = table.Column<Guid>(type: "uuid", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_matters", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_matters_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "recording_disposals",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    dispose_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    action = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    wish_id = table.Column<Guid>(type: "uuid", nullable: true),
                    grace_in_days = table.Column<int>(type: "integer", nullable: false),
                    obliged_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    obligation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    recording_version = table.Column<int>(type: "integer", nullable: true),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    keep_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    keep_by = table.Column<Guid>(type: "uuid", nullable: true),
                    keep_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    keep_reason = table.Column<byte[]>(type: "bytea", nullable: true),
                    warned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    review_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recording_disposals", x => new { x.tenant_id, x.recording_id });
                    table.ForeignKey(
                        name: "fk_recording_disposals_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "retention_runs",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reckoned = table.Column<int>(type: "integer", nullable: false),
                    warned = table.Column<int>(type: "integer", nullable: false),
                    trashed = table.Column<int>(type: "integer", nullable: false),
                    for_review = table.Column<int>(type: "integer", nullable: false),
                    held_back = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_runs", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_retention_runs_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "retention_schedules",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<byte[]>(type: "bytea", nullable: false),
                    scope = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    target = table.Column<string>(type: "character varying(36)", maxLength: 36, nullable: true),
                    trigger = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false),
                    keep_at_least = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: true),
                    dispose_after = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: true),
                    action = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    grace_in_days = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_schedules", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_retention_schedules_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "schedule_changes",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    schedule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    schedule_version = table.Column<int>(type: "integer", nullable: false),
                    removes = table.Column<bool>(type: "boolean", nullable: false),
                    keep_at_least = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: true),
                    dispose_after = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: true),
                    action = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    grace_in_days = table.Column<int>(type: "integer", nullable: false),
                    asked_by = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    in_force_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<byte[]>(type: "bytea", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    word = table.Column<byte[]>(type: "bytea", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedule_changes", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_schedule_changes_tenants_tenant_id",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "collected_recordings",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    collection_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_collected_recordings", x => new { x.tenant_id, x.recording_id });
                    table.ForeignKey(
                        name: "fk_collected_recordings_collections_tenant_id_collection_id",
                        columns: x => new { x.tenant_id, x.collection_id },
                        principalTable: "collections",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_collected_recordings_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "legal_holds",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    matter_id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    set_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    set_by = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<byte[]>(type: "bytea", nullable: true),
                    lifted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lifted_by = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_holds", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_legal_holds_matters_tenant_id_matter_id",
                        columns: x => new { x.tenant_id, x.matter_id },
                        principalTable: "matters",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_legal_holds_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "hold_pins",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hold_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wrap_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_hold_pins", x => new { x.tenant_id, x.hold_id, x.wrap_id });
                    table.ForeignKey(
                        name: "fk_hold_pins_key_wraps_tenant_id_wrap_id",
                        columns: x => new { x.tenant_id, x.wrap_id },
                        principalTable: "key_wraps",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_hold_pins_legal_holds_tenant_id_hold_id",
                        columns: x => new { x.tenant_id, x.hold_id },
                        principalTable: "legal_holds",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_collected_recordings_tenant_id_collection_id_recording_id",
                table: "collected_recordings",
                columns: new[] { "tenant_id", "collection_id", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_due_feeds_tenant_id_member_id",
                table: "due_feeds",
                columns: new[] { "tenant_id", "member_id" });

            migrationBuilder.CreateIndex(
                name: "ix_hold_pins_tenant_id_wrap_id",
                table: "hold_pins",
                columns: new[] { "tenant_id", "wrap_id" });

            migrationBuilder.CreateIndex(
                name: "ix_legal_holds_tenant_id_matter_id_recording_id",
                table: "legal_holds",
                columns: new[] { "tenant_id", "matter_id", "recording_id" },
                unique: true,
                filter: "lifted_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_legal_holds_tenant_id_matter_id_set_at_id",
                table: "legal_holds",
                columns: new[] { "tenant_id", "matter_id", "set_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_legal_holds_tenant_id_recording_id_lifted_at",
                table: "legal_holds",
                columns: new[] { "tenant_id", "recording_id", "lifted_at" });

            migrationBuilder.CreateIndex(
                name: "ix_matters_tenant_id_closed_at_id",
                table: "matters",
                columns: new[] { "tenant_id", "closed_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_recording_disposals_tenant_id_dispose_at_recording_id",
                table: "recording_disposals",
                columns: new[] { "tenant_id", "dispose_at", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_recording_disposals_tenant_id_generation_recording_id",
                table: "recording_disposals",
                columns: new[] { "tenant_id", "generation", "recording_id" });

            migrationBuilder.CreateIndex(
                name: "ix_recording_disposals_tenant_id_review_since",
                table: "recording_disposals",
                columns: new[] { "tenant_id", "review_since" });

            migrationBuilder.CreateIndex(
                name: "ix_retention_runs_tenant_id_started_at",
                table: "retention_runs",
                columns: new[] { "tenant_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_retention_schedules_tenant_id_scope_target",
                table: "retention_schedules",
                columns: new[] { "tenant_id", "scope", "target" });

            migrationBuilder.CreateIndex(
                name: "ix_schedule_changes_tenant_id_schedule_id",
                table: "schedule_changes",
                columns: new[] { "tenant_id", "schedule_id" });

            migrationBuilder.CreateIndex(
                name: "ix_schedule_changes_tenant_id_state_in_force_at",
                table: "schedule_changes",
                columns: new[] { "tenant_id", "state", "in_force_at" });

            // Who watched before counts from then on too.
            migrationBuilder.Sql("UPDATE recordings SET last_viewed_at = (SELECT MAX(releases.opened_at) FROM releases WHERE releases.tenant_id = recordings.tenant_id AND releases.recording_id = recordings.id AND releases.purpose IN ('View', 'Download'))");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "collected_recordings");

            migrationBuilder.DropTable(
                name: "due_feeds");

            migrationBuilder.DropTable(
                name: "hold_pins");

            migrationBuilder.DropTable(
                name: "recording_disposals");

            migrationBuilder.DropTable(
                name: "retention_runs");

            migrationBuilder.DropTable(
                name: "retention_schedules");

            migrationBuilder.DropTable(
                name: "schedule_changes");

            migrationBuilder.DropTable(
                name: "collections");

            migrationBuilder.DropTable(
                name: "legal_holds");

            migrationBuilder.DropTable(
                name: "matters");

            migrationBuilder.DropColumn(
                name: "retention_generation",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "last_viewed_at",
                table: "recordings");

            migrationBuilder.DropColumn(
                name: "trashed_until",
                table: "recordings");
        }
    }
}
