using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace RecordingVault.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class LettersSayWhatTheyConcern : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "about_id",
                table: "outgoing_mails",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_outgoing_mails_about_id",
                table: "outgoing_mails",
                column: "about_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_outgoing_mails_about_id",
                table: "outgoing_mails");

            migrationBuilder.DropColumn(
                name: "about_id",
                table: "outgoing_mails");
        }
    }
}
