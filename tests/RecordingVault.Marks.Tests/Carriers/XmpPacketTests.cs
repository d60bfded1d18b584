using System.Text;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Carriers;

public sealed class XmpPacketTests
{
    private const string Theirs = """
        <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Quarterly review</rdf:li></rdf:Alt></dc:title>
        <plus:OtherConstraints><rdf:Alt><rdf:li xml:lang="x-default">Ask Ruiz &amp; Partners first.</rdf:li></rdf:Alt></plus:OtherConstraints>
        </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>
        """;

    [Fact]
    public void What_is_written_is_found()
    {
        foreach (var tag in UsageTag.All)
        {
            var found = Assert.Single(XmpPacket.Read(XmpPacket.Write(new XmpMark(tag))));

            Assert.EndsWith(tag.PlusToken!, found.Value, StringComparison.Ordinal);
            Assert.Equal(tag == UsageTag.ConstrainedUse ? UsageRights.Nothing : tag.Rights.AsObjections(), found.Objections);
        }
    }

    [Fact]
    public void What_stood_there_before_stays_and_its_word_on_use_is_replaced()
    {
        var packet = XmpPacket.Write(new XmpMark(UsageTag.NoTdm, new Uri("https://vault.example/license.xml")), Encoding.UTF8.GetBytes(Theirs));
        var text = Encoding.UTF8.GetString(packet);

        Assert.Contains("Quarterly review", text, StringComparison.Ordinal);
        Assert.Contains("no text and data mining. Ask Ruiz &amp; Partners first.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("DMI-PROHIBITED-AIMLTRAINING", text, StringComparison.Ordinal);
        Assert.Contains("https://vault.example/license.xml", text, StringComparison.Ordinal);
        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(XmpPacket.Read(packet)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void No_tag_leaves_a_word_of_the_one_before_and_none_grows()
    {
        foreach (var (first, second) in UsageTag.All.SelectMany(first => UsageTag.All.Select(second => (first, second))))
            Assert.Equal(XmpPacket.Write(new XmpMark(second)), XmpPacket.Write(new XmpMark(second), XmpPacket.Write(new XmpMark(first))));
    }

    [Fact]
    public void Words_outside_the_description_and_other_languages_do_not_contradict()
    {
        var packet = XmpPacket.Write(new XmpMark(UsageTag.NoTdm, new Uri("https://vault.example/license.xml")), Encoding.UTF8.GetBytes("""
            <x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:r="http://ns.adobe.com/xap/1.0/rights/"><plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-ALLOWED</plus:DataMining>
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" plus:DataMining="DMI-ALLOWED"><rdf:Description r:WebStatement="https://elsewhere.example/">
            <plus:OtherConstraints><rdf:Alt><rdf:li xml:lang="x-default">Ask first.</rdf:li><rdf:li xml:lang="de">Erst fragen.</rdf:li></rdf:Alt></plus:OtherConstraints></rdf:Description></rdf:RDF></x:xmpmeta>
            """));
        var text = Encoding.UTF8.GetString(packet);

        Assert.EndsWith("DMI-PROHIBITED", Assert.Single(XmpPacket.Read(packet)).Value, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", text, StringComparison.Ordinal);
        Assert.Contains("no text and data mining. Ask first.</rdf:li>", text, StringComparison.Ordinal);
        Assert.Contains("""<rdf:li xml:lang="de">Erst fragen.</rdf:li>""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stranger_s_words_are_shown_short_and_without_controls()
    {
        var found = XmpPacket.Read(Packet(string.Concat(Enumerable.Range(0, 40).Select(i => $"""<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:DataMining="&#x202E;{i}{new string('w', 500)}"/>"""))));

        Assert.Equal(FoundMark.MostInAFile + 1, found.Count);
        Assert.All(found, mark => Assert.InRange(mark.Value.Length, 1, 201));
        Assert.DoesNotContain(found, mark => mark.Value.Contains('\u202E', StringComparison.Ordinal));
    }

    [Fact]
    public void Marking_twice_is_marking_once_and_another_tag_leaves_no_word_of_the_first()
    {
        var mark = new XmpMark(UsageTag.NoTdm);
        var once = XmpPacket.Write(mark, Encoding.UTF8.GetBytes(Theirs));

        Assert.Equal(once, XmpPacket.Write(mark, once));
        Assert.Equal(once, XmpPacket.Write(mark, XmpPacket.Write(new XmpMark(UsageTag.NoAiTraining), once)));
    }

    [Theory]
    [InlineData("""<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"><plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining></rdf:Description>""")]
    [InlineData("""<rdf:Description xmlns:p="http://ns.useplus.org/ldf/xmp/1.0/"><p:DataMining rdf:resource="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"/></rdf:Description>""")]
    [InlineData("""<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"/>""")]
    [InlineData("""<rdf:Description xmlns:tdm="http://www.w3.org/ns/tdmrep/" tdm:reservation="1"/>""")]
    public void Each_form_of_a_value_is_read(string description) =>
        Assert.Equal(UsageRights.Nothing, Assert.Single(XmpPacket.Read(Packet(description))).Objections);

    [Fact]
    public void A_reservation_counts_beside_a_value_that_allows() =>
        Assert.Contains(XmpPacket.Read(Packet("""<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:DataMining="DMI-UNSPECIFIED" xmlns:tdm="http://www.w3.org/ns/tdmrep/" tdm:reservation="1"/>""")),
            mark => mark.Objections == UsageRights.Nothing);

    /// <summary>A word more never loosens; in a packet of ours the bit says what the exact word says.</summary>
    [Fact]
    public void A_reservation_counts_beside_a_word_of_somebody_else_s_that_forbids_less()
    {
        var theirs = XmpPacket.Read(Packet("""<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-GENAIMLTRAINING" xmlns:tdm="http://www.w3.org/ns/tdmrep/" tdm:reservation="1"/>"""));
        var ours = XmpPacket.Read(XmpPacket.Write(new XmpMark(UsageTag.NoGenaiTraining)));

        Assert.Contains(theirs, mark => mark.Objections == UsageRights.Nothing);
        Assert.Equal(UsageTag.NoGenaiTraining.Rights.AsObjections(), Assert.Single(ours).Objections);
    }

    [Fact]
    public void A_packet_without_a_word_on_use_has_no_mark() => Assert.Empty(XmpPacket.Read(Packet("<rdf:Description/>")));

    public static TheoryData<string> Hostile => new(
        "",
        "no xml at all",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>",
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>",
        string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000)),
        "<a>" + new string(' ', XmpPacket.MaxLength) + "</a>",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>",
        "<a xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:RDF/><rdf:RDF/></a>",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" + string.Concat(Enumerable.Repeat("<a/>", 20_000)) + "<rdf:RDF/></x:xmpmeta>",
        "<a><b></a></b>");

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_cannot_be_read_prohibits_and_is_not_carried_on(string packet)
    {
        var bytes = Encoding.UTF8.GetBytes(packet);

        Assert.Equal(UsageRights.Nothing, Assert.Single(XmpPacket.Read(bytes)).Objections);
        Assert.Equal(XmpPacket.Write(new XmpMark(UsageTag.NoTdm)), XmpPacket.Write(new XmpMark(UsageTag.NoTdm), bytes));
    }

    [Fact]
    public void A_tag_that_is_never_written_is_refused() => Assert.Throws<ArgumentException>(() => XmpPacket.Write(new XmpMark(UsageTag.Unmarked)));

    private static byte[] Packet(string description) =>
        Encoding.UTF8.GetBytes($"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{description}</rdf:RDF></x:xmpmeta>""");
}
