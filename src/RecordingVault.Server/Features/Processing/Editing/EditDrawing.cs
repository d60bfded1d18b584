using System.Globalization;
using RecordingVault.Server.Features.Processing.Media;

namespace RecordingVault.Server.Features.Processing.Editing;

/// <summary>
/// ffmpeg's words for a copy without some spans. Nothing but numbers of ours stands in them.
/// Sound is taken in pieces of one millisecond that begin at 0, so a span ends where it says and not at the end of a packet, and what is left is counted on without a gap.
/// A picture is moved by what was taken out before it, so the two stay together however many cuts there are.
/// </summary>
/// <param name="Output">What to make.</param>
/// <param name="MediaType">Of what is made.</param>
internal sealed record EditDrawing(string Output, string MediaType)
{
    private const int Rate = 48_000;
    private const int PieceLength = Rate / 1_000;

    /// <summary>With the list of what begins where: without it players start picture and sound apart by what an encoder looks ahead.</summary>
    private const string Mp4 = "-movflags frag_keyframe+delay_moov+default_base_moof -f mp4";

    private const string Streams = "-map 0:v:0? -map 0:a:0? -sn -dn -map_chapters -1";

    /// <summary>A file that says more pictures a second than these measures its time finer than it shows anything.</summary>
    private const string EvenPictures = "fps=fps='if(gt(source_fps,60),30,source_fps)'";

    private static readonly HashSet<string> s_mp4 = new(StringComparer.Ordinal) { "h264", "hevc", "av1" };
    private static readonly HashSet<string> s_webm = new(StringComparer.Ordinal) { "vp8", "vp9" };

    /// <summary>Where nothing is taken out the picture is kept as it is, in a container that takes it; else all of it is encoded anew.</summary>
    public static EditDrawing Of(EditSpans spans, MediaFacts facts)
    {
        var aac = Sound(spans, facts, "-c:a aac -b:a 128k");
        if (facts.Video is not { } video)
            return new($"{Streams} -vn {aac} {Mp4}", "audio/mp4");
        if (spans.Cuts.Any())
            return new($"{Streams} {RenditionRule.Picture($"{PictureFilter(spans)},{RenditionRule.Scaling}")} -a53cc 0 {aac} {Mp4}", "video/mp4");
        var kept = "-c:v copy" + Bare(video.Codec);
        return s_mp4.Contains(video.Codec) ? new($"{Streams} {kept} {aac} {Mp4}", "video/mp4")
            : s_webm.Contains(video.Codec) ? new($"{Streams} {kept} {Sound(spans, facts, "-c:a libopus -b:a 96k")} -f webm", "video/webm")
            : new($"{Streams} {kept} {aac} -f matroska", "video/x-matroska");
    }

    /// <summary>Captions can lie within the picture (CEA-608), as what these formats call messages beside it: those are left out, and no picture changes by it.</summary>
    private static string Bare(string codec) => codec switch
    {
        "h264" => " -bsf:v filter_units=remove_types=6",
        "hevc" => " -bsf:v filter_units=remove_types=39-40",
        "av1" => " -bsf:v filter_units=remove_types=5",
        "mpeg2video" => " -bsf:v filter_units=remove_types=178",
        _ => "",
    };

    /// <summary>One channel stays one: what is made into two would be less loud.</summary>
    private static string Sound(EditSpans spans, MediaFacts facts, string codec) =>
        facts.Sound is { } sound ? $"-af {SoundFilter(spans)} {codec} -ac {(sound.Channels == 1 ? 1 : 2)}" : "-an";

    private static string SoundFilter(EditSpans spans)
    {
        var filter = $"aresample={Rate}:async=1:first_pts=0,asetnsamples=n={PieceLength}:p=0";
        if (spans.Mutes.Any())
            filter += $",volume=volume=0:enable='{Any(spans.Mutes, Within)}'";
        if (spans.Cuts.Any())
            filter += $",aselect='not({Any(spans.Cuts, Within)})',asetpts=N/SR/TB";
        return filter;
    }

    private static string PictureFilter(EditSpans spans) =>
        $"{EvenPictures},select='not({Any(spans.Cuts, Within)})',setpts='PTS-({Any(spans.Cuts, span => $"gt(T,{Edge(span.To)})*{Seconds(span.Length)}")})/TB'";

    private static string Within(EditSpan span) => $"gt(t,{Edge(span.From)})*lt(t,{Edge(span.To)})";

    /// <summary>Pieces of sound begin at whole milliseconds, as spans do, and ffmpeg counts them in floating point: asked half a millisecond before, none is on the wrong side.</summary>
    private static string Edge(long milliseconds) => ((milliseconds - 0.5m) / 1000m).ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A sum as a tree: ffmpeg reads one of a hundred parts in a row no more.</summary>
    private static string Any(IEnumerable<EditSpan> spans, Func<EditSpan, string> one)
    {
        var parts = spans.Select(one).ToList();
        while (parts.Count > 1)
            parts = [.. parts.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : $"({pair[0]}+{pair[1]})")];
        return parts[0];
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
}
