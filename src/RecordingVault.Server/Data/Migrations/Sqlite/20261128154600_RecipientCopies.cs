using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class RecipientCopies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "copy_id",
                table: "releases",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "recipient_copies",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recording_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    is_wanted = table.Column<bool>(type: "INTEGER", nullable: false),
                    has_slate = table.Column<bool>(type: "INTEGER", nullable: false),
                    has_corner = table.Column<bool>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    recipient = table.Column<byte[]>(type: "BLOB", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    failure = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    percent = table.Column<int>(type: "INTEGER", nullable: false),
                    tries = table.Column<int>(type: "INTEGER", nullable: false),
                    claimed_until = table.Column<long>(type: "INTEGER", nullable: true),
                    run_since = table.Column<long>(type: "INTEGER", nullable: true),
                    not_before = table.Column<long>(type: "INTEGER", nullable: true),
                    asset_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    parts = table.Column<byte[]>(type: "BLOB", nullable: true),
                    made_of = table.Column<Guid>(type: "TEXT", nullable: true),
                    made_tag = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    made_label = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    made_form = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_recipient_copies", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "fk_recipient_copies_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_recipient_copies_tenant_id_recording_id",
                table: "recipient_copies",
                columns: new[] { "tenant_id", "recording_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "recipient_copies");

            migrationBuilder.DropColumn(
                name: "copy_id",
                table: "releases");
        }
    }
}
