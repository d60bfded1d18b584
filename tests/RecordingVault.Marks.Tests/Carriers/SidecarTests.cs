using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Tests.Harness;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Marks.Xmp;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>The mark of a file that has no place for one, in a file beside it.</summary>
public sealed class SidecarTests(OutsideReaders readers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("audio/ogg")]
    [InlineData("video/ogg")]
    [InlineData("audio/flac")]
    [InlineData("audio/aac")]
    [InlineData("video/x-ms-asf")]
    [InlineData("video/x-flv")]
    [InlineData("video/mpeg")]
    public async Task Every_tag_stands_in_one_and_is_read_by_ExifTool_and_by_us(string mediaType)
    {
        foreach (var tag in UsageTag.All)
        {
            var sidecar = Sidecars.Xmp(mediaType, new XmpMark(tag))!;
            var path = Path.Combine(readers.Folder, Guid.CreateVersion7().ToString("N") + ".ogg" + Sidecars.XmpEnding);
            await File.WriteAllBytesAsync(path, sidecar, Ct);

            Assert.Equal(tag.PlusToken, (await OutsideReaders.ExifToolAsync(path, Ct))["XMP-plus:DataMining"]);
            Assert.Equal(PlusDataMining.Value(tag), Assert.Single(await FileMarks.FindAsync(new MemorySource(sidecar), Sidecars.XmpMediaType, Ct)).Value);
        }
    }

    [Theory]
    [InlineData("video/mp4")]
    [InlineData("audio/mpeg")]
    [InlineData("audio/wav")]
    [InlineData("video/webm")]
    public void A_kind_that_takes_a_mark_has_none(string mediaType) => Assert.Null(Sidecars.Xmp(mediaType, new XmpMark(UsageTag.NoTdm)));

    [Fact]
    public void One_lies_under_the_whole_name_or_with_another_ending() =>
        Assert.Equal(["/a/talk.ogg.xmp", "/a/talk.xmp", "/a/talk.ogg.c2pa", "/a/talk.c2pa"], Sidecars.Beside("/a/talk.ogg"));

    [Fact]
    public void A_sidecar_is_not_beside_itself() => Assert.DoesNotContain("/a/talk.xmp", Sidecars.Beside("/a/talk.xmp"));
}
