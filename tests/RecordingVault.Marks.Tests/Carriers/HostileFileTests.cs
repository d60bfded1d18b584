using System.Buffers.Binary;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>Strangers' files: whatever they hold, a reader answers with a sentence or with nothing, within bounds of time and memory.</summary>
public sealed class HostileFileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Boxes => new()
    {
        { "nothing", [], "it does not begin with its file type" },
        { "no head", [0, 0, 0], "no room for its head" },
        { "no file type", File(Box("moov")), "does not begin with its file type" },
        { "no index", File(Ftyp, Box("mdat")), "no index" },
        { "two indexes", File(Ftyp, Box("moov"), Box("moov")), "no index, more than one" },
        { "an index of 2 GiB that is not there", File(Ftyp, Head(0x7FFFFFFF, "moov")), "larger than what it lies in" },
        { "a size below the head", File(Ftyp, Head(7, "moov")), "smaller than its head" },
        { "a long size below its head", File(Ftyp, Head(1, "moov"), Long(15)), "smaller than its head" },
        { "a negative long size", File(Ftyp, Head(1, "moov"), Long(-1)), "smaller than its head" },
        { "an open box inside another", File(Ftyp, Box("moov", Head(0, "trak"))), "smaller than its head" },
        { "a child that is larger than its parent", File(Ftyp, Box("moov", Head(100, "trak"))), "larger than what it lies in" },
        { "ten thousand levels", File(Ftyp, Nested(10_000)), "nested too deeply" },
        { "too many tracks", File(Ftyp, Box("moov", [.. Enumerable.Repeat(Box("trak", Box("free")), 65).SelectMany(box => box)])), "too many tracks" },
        { "too many boxes", File(Ftyp, Box("moov", [.. Enumerable.Repeat(Box("free"), 100_001).SelectMany(box => box)])), "too many boxes" },
        { "too many boxes side by side", File(Ftyp, [.. Enumerable.Repeat(Box("free"), 100_001).SelectMany(box => box)]), "too many boxes" },
        { "a table that says more than it has", File(Ftyp, Table("stco", 0x40000000, [0, 0, 0, 0])), "another length than it says" },
        { "a wide table that says more than it has", File(Ftyp, Table("co64", uint.MaxValue, [0, 0, 0, 0])), "another length than it says" },
        { "an offset behind the file", File(Ftyp, Table("co64", 1, Long(1L << 40))), "a place outside its media" },
        { "a negative offset", File(Ftyp, Table("co64", 1, Long(-5))), "a place outside its media" },
        { "an offset into the index", File(Ftyp, Table("stco", 1, [0, 0, 0, 24])), "a place outside its media" },
        { "a compressed index", File(Ftyp, Box("moov", Box("cmov"))), "compressed" },
        { "data in another file", File(Ftyp, Box("moov", Box("trak", Box("mdia", Box("minf", Box("dinf", Box("dref", [0, 0, 0, 0, 0, 0, 0, 1, .. Box("url ", [0, 0, 0, 0])]))))))), "another file" },
        { "data in another file, in a long entry", File(Ftyp, Box("moov", Box("trak", Box("mdia", Box("minf", Box("dinf", Box("dref", [0, 0, 0, 0, 0, 0, 0, 1, .. Head(1, "url "), .. Long(16)]))))))), "another file" },
        { "a movie by reference", File(Ftyp, Box("moov", Box("rmra"))), "another file" },
        { "items by place", File(Ftyp, Box("moov", Box("udta", Box("meta", [0, 0, 0, 0, .. Box("iloc", [0, 0, 0, 0, 0x44, 0, 0, 1])])))), "found by their place" },
        { "a segment index in front", File(Ftyp, Box("sidx"), Box("moov")), "before its index" },
        { "a fragment in front", File(Ftyp, Box("moof", Box("traf", Box("tfhd", [0, 2, 0, 0, 0, 0, 0, 1]))), Box("moov"), Box("mdat")), "before its index" },
        { "more packets than anybody writes", File(Ftyp, Box("moov"), [.. Enumerable.Repeat(Box("uuid", [.. TopBoxes.Xmp, .. "x"u8]), 17).SelectMany(box => box)]), "too many metadata packets" },
        { "auxiliary information that lies", File(Ftyp, Box("moov", Box("trak", Box("saio", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])))), "another length than it says" },
        { "several metadata boxes", File(Ftyp, Box("moov"), Box("meco")), "one of several" },
        { "a fragment's head without its base", File(Ftyp, Box("moov"), Box("moof", Box("traf", Box("tfhd", [0, 0, 0, 1, 0, 0, 0, 1])))), "too short" },
        { "an index of fragments that lies", File(Ftyp, Box("moov"), Box("mfra", Box("tfra", [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF]))), "another length than it says" },
        { "more bases than are patched", File(Ftyp, Box("moov"), Many(4097)), "too many places" },
    };

    [Theory]
    [MemberData(nameof(Boxes))]
    public async Task A_broken_or_hostile_mp4_is_refused_with_a_sentence(string _, byte[] file, string words)
    {
        var reading = await Mp4LayoutReader.ReadAsync(new MemorySource(file), Ct);

        Assert.Null(reading.Layout);
        Assert.Contains(words, reading.Refusal, StringComparison.Ordinal);
    }

    /// <summary>What is kept of a file's packets is bounded, whether they stand beside its index or inside it.</summary>
    [Fact]
    public async Task Packets_in_more_indexes_or_of_more_bytes_than_anybody_writes_are_not_kept()
    {
        var packet = Box("udta", Box("XMP_", [.. "x"u8]));

        Assert.Single((await Mp4LayoutReader.PacketsAsync(new MemorySource(File(Ftyp, Box("moov", packet))), Ct))!);
        Assert.Null(await Mp4LayoutReader.PacketsAsync(new MemorySource(File(Ftyp, Box("moov", packet), Box("moov", packet))), Ct));
        Assert.Null(await Mp4LayoutReader.PacketsAsync(new MemorySource(File(Ftyp, Box("moov", [.. Enumerable.Repeat(packet, 17).SelectMany(box => box)]))), Ct));
        Assert.Null(await Mp4LayoutReader.PacketsAsync(new MemorySource(File(Ftyp, Box("moov", Box("udta", Box("XMP_", new byte[XmpPacket.MaxLength + 1]))))), Ct));
    }

    [Fact]
    public void A_packet_without_room_in_the_front_is_not_cut()
    {
        var large = System.Text.Encoding.UTF8.GetBytes($"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:a="urn:a" a:b="{new string('w', 70_000)}"/></rdf:RDF></x:xmpmeta>""");

        Assert.Null(Mp4Front.Write(new XmpMark(UsageTag.NoTdm), large));
        Assert.NotNull(Mp4Front.Write(new XmpMark(UsageTag.NoTdm), default));
    }

    private static byte[] Ftyp => Box("ftyp", [.. "isom"u8, 0, 0, 0, 0]);

    private static byte[] File(params byte[][] boxes) => [.. boxes.SelectMany(box => box)];

    private static byte[] Box(string type, params byte[] content) => [.. Head((uint)(8 + content.Length), type), .. content];

    private static byte[] Head(uint length, string type)
    {
        var head = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(head, length);
        System.Text.Encoding.Latin1.GetBytes(type, head.AsSpan(4));
        return head;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Table(string type, uint count, byte[] entries)
    {
        var said = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(said, count);
        return Box("moov", Box("trak", Box("mdia", Box("minf", Box("stbl", Box(type, [0, 0, 0, 0, .. said, .. entries]))))));
    }

    private static byte[] Nested(int levels)
    {
        byte[] inner = Box("trak");
        for (var level = 0; level < levels; level++)
            inner = Box("trak", inner);
        return Box("moov", inner);
    }

    private static byte[] Many(int fragments)
    {
        var one = Box("moof", Box("traf", Box("tfhd", [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 16])));
        return [.. Enumerable.Repeat(one, fragments).SelectMany(box => box)];
    }
}
