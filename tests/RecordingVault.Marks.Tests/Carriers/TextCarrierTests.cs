using System.Text.Json;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Carriers;

public sealed class TextCarrierTests
{
    [Fact]
    public void Captions_carry_a_note_that_is_replaced_and_found()
    {
        const string cues = "00:00.000 --> 00:01.000\nGood morning\n";

        var first = VttCarrier.Write("\uFEFFWEBVTT - Weekly\r\nLanguage: en\r\n\r\n" + cues, UsageTag.NoAiTraining)!;
        var second = VttCarrier.Write(first, UsageTag.NoTdm)!;

        Assert.Equal($"WEBVTT - Weekly\nLanguage: en\n\nNOTE Usage: no-tdm. {UsageTag.NoTdm.Statement} (train-ai=n, search=n)\n\n{cues}", second);
        Assert.Equal(UsageRights.Nothing, Assert.Single(VttCarrier.Read(second)).Objections);
        Assert.Null(VttCarrier.Write("1\n00:00:00,000 --> 00:00:01,000\nGood morning\n", UsageTag.NoTdm));
        Assert.Equal("WEBVTT\n\n" + VttCarrier.Note(UsageTag.NoTdm), VttCarrier.Write("WEBVTT", UsageTag.NoTdm));
    }

    [Fact]
    public void A_note_that_names_no_tag_prohibits() =>
        Assert.Equal(UsageRights.Nothing, Assert.Single(VttCarrier.Read("WEBVTT\n\nNOTE Usage: whatever. You may.\n\n")).Objections);

    [Fact]
    public void A_member_says_the_tag_and_each_decision()
    {
        var json = JsonSerializer.SerializeToElement(UsageMember.Of(UsageTag.NoTdmExceptSearch));

        Assert.Equal("no-tdm-except-search", json.GetProperty("tag").GetString());
        Assert.Equal("constrained", json.GetProperty("decisions").GetProperty("cawg.data_mining").GetString());
        Assert.Equal("train-ai=n, search=y", json.GetProperty("contentUsage").GetString());
    }

    [Fact]
    public void A_member_that_came_in_is_read_and_what_cannot_be_read_prohibits()
    {
        var ours = JsonSerializer.Serialize(new { title = "Weekly", usage = UsageMember.Of(UsageTag.NoGenaiTraining) });

        Assert.Equal(UsageTag.NoGenaiTraining.Rights.AsObjections(), Assert.Single(UsageMember.Read(ours)).Objections);
        foreach (var wrong in (string[])["{\"usage\":{\"tag\":\"whatever\"}}", "{\"usage\":{\"tag\":7}}", "{\"usage\":", ""])
            Assert.Equal(UsageRights.Nothing, Assert.Single(UsageMember.Read(wrong)).Objections);
        foreach (var silent in (string[])["[]", "7", "{\"usage\":\"hours\"}", "{\"usage\":{}}"])
            Assert.Empty(UsageMember.Read(silent));
    }
}
