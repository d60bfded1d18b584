using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Vocabulary;

/// <summary>The row of each tag, as docs/marks.md has it.</summary>
public sealed class WebMarksTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("no-tdm", "train-ai=n, search=n", "1", false, "search=no, ai-input=no, ai-train=no", "ai-all search")]
    [InlineData("no-tdm-except-search", "train-ai=n, search=y", "1", true, "search=yes, ai-input=no, ai-train=no", "ai-all")]
    [InlineData("no-ai-training", "train-ai=n", "1", true, "ai-train=no", "ai-train")]
    [InlineData("no-genai-training", "train-ai=n", "1", true, "ai-train=no", "ai-train")]
    [InlineData("constrained", "train-ai=n, search=n", "1", true, "search=no, ai-input=no, ai-train=no", "ai-all search")]
    [InlineData("allowed", "train-ai=y, search=y", "0", false, "search=yes, ai-input=yes, ai-train=yes", "")]
    public void Each_tag_has_its_words_on_the_web(string name, string usage, string reservation, bool offersTerms, string signal, string rsl)
    {
        var tag = UsageTag.Parse(name)!;

        Assert.Equal(usage, WebMarks.ContentUsage(tag));
        Assert.Equal(reservation, WebMarks.TdmReservation(tag));
        Assert.Equal(offersTerms, WebMarks.OffersTerms(tag));
        Assert.Equal(signal, WebMarks.ContentSignal(tag));
        Assert.Equal(rsl, WebMarks.RslProhibits(tag));
    }

    [Theory]
    [InlineData("no-tdm", "DMI-PROHIBITED", "notAllowed", "notAllowed", "notAllowed", "notAllowed")]
    [InlineData("no-tdm-except-search", "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", "notAllowed", "notAllowed", "notAllowed", "constrained")]
    [InlineData("no-ai-training", "DMI-PROHIBITED-AIMLTRAINING", "notAllowed", "notAllowed", null, null)]
    [InlineData("no-genai-training", "DMI-PROHIBITED-GENAIMLTRAINING", "notAllowed", "allowed", null, null)]
    [InlineData("constrained", "DMI-PROHIBITED-SEECONSTRAINT", "notAllowed", "notAllowed", "constrained", "constrained")]
    [InlineData("allowed", "DMI-ALLOWED", "allowed", "allowed", "allowed", "allowed")]
    public void Each_tag_has_its_words_in_a_file(string name, string plus, string generative, string other, string? inference, string? mining)
    {
        var tag = UsageTag.Parse(name)!;

        Assert.Equal("http://ns.useplus.org/ldf/vocab/" + plus, PlusDataMining.Value(tag));
        var entries = CawgEntries.Of(tag).ToDictionary(entry => entry.Label, entry => entry.Use, StringComparer.Ordinal);
        Assert.Equal(generative, entries["cawg.ai_generative_training"]);
        Assert.Equal(other, entries["cawg.ai_training"]);
        Assert.Equal(inference, entries.GetValueOrDefault("cawg.ai_inference"));
        Assert.Equal(mining, entries.GetValueOrDefault("cawg.data_mining"));
        Assert.All(CawgEntries.Of(tag), entry => Assert.Equal(entry.Use == "constrained", entry.Constraint is not null));
    }

    [Fact]
    public async Task A_parser_of_others_reads_every_header()
    {
        foreach (var tag in UsageTag.All)
        {
            var members = await OutsideReaders.DictionaryAsync(WebMarks.ContentUsage(tag), Ct);

            Assert.Equal(tag == UsageTag.AllowedUse ? "y" : "n", members.GetProperty("train-ai").GetProperty("token").GetString());
            Assert.Equal(tag.Rights.Search == UseDecision.Unspecified, !members.TryGetProperty("search", out _));
        }
    }

    [Fact]
    public void Headers_offer_terms_only_where_there_are_any()
    {
        var strict = WebMarks.Headers(UsageTag.NoTdm, "https://vault.example").ToDictionary(StringComparer.Ordinal);
        var lenient = WebMarks.Headers(UsageTag.NoAiTraining, "https://vault.example").ToDictionary(StringComparer.Ordinal);

        Assert.DoesNotContain("tdm-policy", strict.Keys);
        Assert.Equal("https://vault.example/policies/tdm.json", lenient["tdm-policy"]);
        Assert.Equal("<https://vault.example/license.xml>; rel=\"license\"; type=\"application/rsl+xml\"", strict["Link"]);
        Assert.Equal("<https://vault.example/licenses/no-ai-training.xml>; rel=\"license\"; type=\"application/rsl+xml\"", lenient["Link"]);
        Assert.All([strict, lenient], headers => Assert.Contains("noai", headers["X-Robots-Tag"], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://ns.useplus.org/ldf/vocab/DMI-ALLOWED", false, false)]
    [InlineData("DMI-UNSPECIFIED", false, false)]
    [InlineData("http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-GENAIMLTRAINING", true, false)]
    [InlineData("DMI-PROHIBITED-AIMLTRAINING", true, false)]
    [InlineData("DMI-PROHIBITED", true, true)]
    [InlineData("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", true, false)]
    [InlineData("DMI-PROHIBITED-SEECONSTRAINT", true, true)]
    [InlineData("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", true, true)]
    [InlineData("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", true, true)]
    [InlineData("something of next year", true, true)]
    public void A_value_that_is_found_objects(string value, bool toGenerativeTraining, bool toSearch)
    {
        var objections = PlusDataMining.Says(value).AsObjections();

        Assert.Equal(toGenerativeTraining ? UseDecision.Prohibited : UseDecision.Allowed, objections.GenerativeTraining);
        Assert.Equal(toSearch ? UseDecision.Prohibited : UseDecision.Allowed, objections.Search);
    }

    [Fact]
    public void Entries_of_either_generation_object()
    {
        var now = CawgEntries.Says([new("cawg.ai_training", "notAllowed", null), new("cawg.data_mining", "constrained", "ask")]);
        var before = CawgEntries.Says([new("c2pa.ai_inference", "notAllowed", null), new("c2pa.ai_training", "allowed", null)]);

        var silence = UsageRights.Same(UseDecision.Unspecified);
        Assert.Equal(silence with { OtherTraining = UseDecision.Prohibited, Mining = UseDecision.Constrained }, now);
        Assert.Equal(UsageRights.NoObjection with { OtherTraining = UseDecision.Prohibited, Mining = UseDecision.Prohibited }, now.AsObjections());
        Assert.Equal(silence with { Inference = UseDecision.Prohibited, OtherTraining = UseDecision.Allowed }, before);
        Assert.Equal(UsageRights.NoObjection with { Inference = UseDecision.Prohibited }, before.AsObjections());
    }
}
