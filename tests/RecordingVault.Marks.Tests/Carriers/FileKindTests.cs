using System.Text;
using RecordingVault.Marks.Carriers;

namespace RecordingVault.Marks.Tests.Carriers;

public sealed class FileKindTests
{
    [Theory]
    [InlineData("\0\0\0\u0018ftypisom", "video/mp4")]
    [InlineData("\0\0\0\u0008wide\0\0", "video/mp4")]
    [InlineData("\0\0\u0001\0jumb\0\0", "application/c2pa")]
    [InlineData("RIFF....WAVEfmt ", "audio/wav")]
    [InlineData("RF64....WAVEds64", "audio/wav")]
    [InlineData("RIFF....AVI LIST", "video/x-msvideo")]
    [InlineData("ID3\u0004\0", "audio/mpeg")]
    [InlineData("\u001aEß£....", "video/x-matroska")]
    [InlineData("ÿØÿà", "image/jpeg")]
    [InlineData("\u0089PNG\r\n", "image/png")]
    [InlineData("ÿû\u0090", "audio/mpeg")]
    [InlineData("OggS", "application/ogg")]
    [InlineData("WEBVTT\n", "text/vtt")]
    [InlineData("  {\"usage\":", "application/json")]
    [InlineData("<?xpacket begin=", "application/rdf+xml")]
    [InlineData("RIFF....WEBPVP8 ", null)]
    [InlineData("ÿñ", null)]
    [InlineData("ftyp", null)]
    [InlineData("", null)]
    [InlineData("<html>", null)]
    [InlineData("[09:00] Anna: hello", null)]
    [InlineData("[1,2]", null)]
    public void First_bytes_tell_the_kind(string head, string? mediaType) => Assert.Equal(mediaType, FileKind.Of(Encoding.Latin1.GetBytes(head))?.MediaType);
}
