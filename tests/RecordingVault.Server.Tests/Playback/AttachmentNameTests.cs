using RecordingVault.Server.Features.Playback;

namespace RecordingVault.Server.Tests.Playback;

[Trait("Run", "Once")]
public sealed class AttachmentNameTests
{
    [Theory]
    [InlineData("Coaching 6.mp4", "Coaching 6.mp4")]
    [InlineData("Coaching 6.MP4", "Coaching 6.mp4")]
    [InlineData("Coaching 6", "Coaching 6.mp4")]
    [InlineData("Müller & Söhne.mov", "Müller & Söhne.mov.mp4")]
    [InlineData("../../etc/passwd", "-..-etc-passwd.mp4")]
    [InlineData("C:\\temp\\x", "C--temp-x.mp4")]
    [InlineData("a\"b\r\nSet-Cookie: x", "a-bSet-Cookie- x.mp4")]
    [InlineData("invoice\u202Eexe.4pm", "invoiceexe.4pm.mp4")]
    [InlineData("...", "recording.mp4")]
    [InlineData("", "recording.mp4")]
    [InlineData(null, "recording.mp4")]
    [InlineData("NUL", "recording.mp4")]
    [InlineData("com1.txt", "recording.mp4")]
    public void A_name_steers_nothing(string? name, string expected) => Assert.Equal(expected, AttachmentName.Of(name, ".mp4"));

    [Fact]
    public void A_long_name_is_cut_before_half_a_letter()
    {
        var name = AttachmentName.Of(new string('x', 119) + "😀 tail", ".mp4");

        Assert.Equal(new string('x', 119) + ".mp4", name);
    }

    [Fact]
    public void The_header_carries_the_name_in_ASCII_and_in_full()
    {
        var header = AttachmentName.Header("Müller.mp4");

        Assert.StartsWith("attachment; filename=", header, StringComparison.Ordinal);
        Assert.Contains("filename*=UTF-8''M%C3%BCller.mp4", header, StringComparison.Ordinal);
        Assert.True(header.All(char.IsAscii));
    }

    [Theory]
    [InlineData("video/mp4", "video/mp4", "video/mp4", ".mp4")]
    [InlineData("VIDEO/X-M4V", "video/mp4", "video/mp4", ".mp4")]
    [InlineData("video/quicktime", "video/mp4", "video/quicktime", ".mov")]
    [InlineData("video/matroska", "video/x-matroska", "video/x-matroska", ".mkv")]
    [InlineData("audio/vnd.wave", "audio/wav", "audio/wav", ".wav")]
    [InlineData("audio/3gpp", "audio/3gpp", "audio/3gpp", ".3gp")]
    [InlineData("text/vtt", "application/octet-stream", "application/octet-stream", ".bin")]
    [InlineData("image/png", "application/octet-stream", "application/octet-stream", ".bin")]
    [InlineData("application/json", "application/octet-stream", "application/octet-stream", ".bin")]
    [InlineData("text/html", "application/octet-stream", "application/octet-stream", ".bin")]
    [InlineData("image/svg+xml", "application/octet-stream", "application/octet-stream", ".bin")]
    [InlineData("application/x-mpegURL", "application/octet-stream", "application/octet-stream", ".bin")]
    public void Media_types_come_from_a_list_of_our_own(string stored, string inline, string attachment, string extension) =>
        Assert.Equal(new ServedMedia(inline, attachment, extension), ServedMedia.Of(stored));
}
