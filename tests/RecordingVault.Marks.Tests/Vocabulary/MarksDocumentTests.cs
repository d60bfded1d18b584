using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Vocabulary;

public sealed class MarksDocumentTests
{
    private static readonly string[] s_entries = ["cawg.ai_generative_training", "cawg.ai_training", "cawg.ai_inference", "cawg.data_mining"];

    [Fact]
    public void The_document_has_the_row_of_every_tag_and_no_other()
    {
        var written = File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "marks.md")).SkipWhile(line => line != "## The tags").TakeWhile(line => line != "## What is in force")
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains("DMI-", StringComparison.Ordinal));

        Assert.Equal(UsageTag.All.Reverse().Select(Row).Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    private static string Row(UsageTag tag)
    {
        var entries = CawgEntries.Of(tag).ToDictionary(entry => entry.Label, entry => entry.Use, StringComparer.Ordinal);
        var cawg = string.Join(" / ", s_entries.Select(name => entries.GetValueOrDefault(name, "–")));
        var tdm = WebMarks.TdmReservation(tag) + (WebMarks.OffersTerms(tag) ? ", with terms" : "");
        var rsl = WebMarks.RslProhibits(tag) is { Length: > 0 } prohibited ? $"`{prohibited}`" : "–";
        return $"| `{tag.Name}` | `{tag.PlusToken}` | {cawg} | `{WebMarks.ContentUsage(tag)}` | {tdm} | `{WebMarks.ContentSignal(tag)}` | {rsl} |";
    }
}
