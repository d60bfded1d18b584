using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class PlayPositions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "play_positions",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    member_id = table.Column<Guid>(type: "uuid", nullable: false),
                    recording_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seconds = table.Column<double>(type: "double precision", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_play_positions", x => new { x.tenant_id, x.member_id, x.recording_id });
                    table.ForeignKey(
                        name: "fk_play_positions_members_member_id",
                        column: x => x.member_id,
                        principalTable: "members",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_play_positions_recordings_tenant_id_recording_id",
                        columns: x => new { x.tenant_id, x.recording_id },
                        principalTable: "recordings",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_play_positions_member_id",
                table: "play_positions",
                column: "member_id");

            migrationBuilder.CreateIndex(
                name: "ix_play_positions_tenant_id_recording_id",
                table: "play_positions",
                columns: new[] { "tenant_id", "recording_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "play_positions");
        }
    }
}
