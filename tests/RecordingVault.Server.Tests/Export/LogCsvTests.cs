using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Export;

namespace RecordingVault.Server.Tests.Export;

/// <summary>What a spreadsheet is given to read.</summary>
public sealed class LogCsvTests
{
    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+49 30 1234", "\"'+49 30 1234\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("  =cmd|' /C calc'!A0", "\"'  =cmd|' /C calc'!A0\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r\n=1", "\"'\r\n=1\"")]
    [InlineData("\uFF1D1", "\"'\uFF1D1\"")]
    [InlineData("\u00A0=1", "\"'\u00A0=1\"")]
    [InlineData("Anna \"the\" Known, Berlin", "\"Anna \"\"the\"\" Known, Berlin\"")]
    [InlineData("\",\"=1", "\"\"\",\"\"=1\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("", "\"\"")]
    [InlineData(" ", "\" \"")]
    public void A_field_is_quoted_and_runs_as_no_formula(string value, string written) => Assert.Equal(written, LogCsv.Field(value));

    [Fact]
    public void A_line_has_as_many_fields_as_the_header_and_one_column_for_all_other_details()
    {
        var line = LogCsv.Line(new AuditEventResponse(
            Guid.NewGuid(), 7, new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero), "share.created", new AuditPartyResponse("member", Guid.NewGuid()), null, "allowed", false,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["recipient"] = "Anna", ["zebra"] = "z", ["changed"] = "note" }));

        var fields = CsvReading.Rows(line)[0];
        Assert.Equal(CsvReading.Rows(LogCsv.Header)[0].Count, fields.Count);
        Assert.Equal("2026-11-26T12:00:00.000000Z", fields[1]);
        Assert.Equal("changed=note; zebra=z", fields[^1]);
    }
}
