namespace RecordingVault.Server.Features.Processing.Media;

/// <summary>What has to be done so that the weakest current browser plays a file.</summary>
internal enum Rendering
{
    /// <summary>It is sent as it is.</summary>
    AsIs,

    /// <summary>The streams fit and the container does not: they are put into another one, unchanged.</summary>
    Remuxed,

    /// <summary>Picture or sound are encoded anew, as H.264 and AAC in MP4.</summary>
    Encoded,
}

/// <summary>The one table of what plays: by codec and container, not by what one browser happens to know (docs/processing.md shows it).</summary>
internal static class RenditionRule
{
    /// <summary>Uncompressed sound of more than this is too much for a phone.</summary>
    public static readonly TimeSpan LongestPcm = TimeSpan.FromMinutes(30);

    /// <summary>Even sides, and no more than 1080 lines.</summary>
    public const string Scaling = "scale=w='min(1920,iw)':h='min(1080,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2";

    private const string Fragmented = "-movflags frag_keyframe+empty_moov+default_base_moof -f mp4";
    private const string Streams = "-map 0:v:0? -map 0:a:0? -sn -dn";
    private const string Sound = "-c:a aac -b:a 128k -ac 2";

    private static readonly HashSet<string> PlainFormats = new(StringComparer.Ordinal) { "yuv420p", "yuvj420p" };
    private static readonly HashSet<string> WebFormats = new(StringComparer.Ordinal) { "yuv420p", "yuvj420p", "yuv420p10le" };

    private static readonly Family[] Families =
    [
        new("mov", ["h264"], ["aac", "mp3"], "mp4"),
        new("matroska", ["vp8", "vp9", "av1"], ["opus", "vorbis"], "webm"),
    ];

    /// <summary>Sound alone that every browser plays in its own container.</summary>
    private static readonly (string Demuxer, string Codec)[] Sounds = [("mp3", "mp3"), ("aac", "aac"), ("flac", "flac"), ("mov", "aac"), ("mov", "mp3"), ("matroska", "opus"), ("matroska", "vorbis")];

    /// <param name="mediaType">Of the file, as its first bytes said.</param>
    public static Rendering Decide(string mediaType, Demuxer demuxer, MediaFacts facts)
    {
        if (facts.Video is null)
            return DecideSound(demuxer, facts.Sound!.Codec, facts.Duration);
        // Matroska is what browsers take for it or not; WebM is its own name for the streams that they take.
        var isNamed = mediaType is not ("video/x-matroska" or "audio/x-matroska");
        if (Families.FirstOrDefault(family => family.Takes(facts)) is not { } fitting)
            return Rendering.Encoded;
        return fitting.Demuxer == demuxer.Name && isNamed ? Rendering.AsIs : Rendering.Remuxed;
    }

    /// <summary>How a copy is made of what would play as it is: its streams are kept where MP4 or WebM takes them.</summary>
    public static Rendering Copied(MediaFacts facts) => Families.Any(family => family.Takes(facts)) ? Rendering.Remuxed : Rendering.Encoded;

    /// <summary>ffmpeg's words for what has to be done.</summary>
    public static string Arguments(Rendering rendering, MediaFacts facts)
    {
        if (rendering == Rendering.Remuxed)
            return Families.FirstOrDefault(family => family.Takes(facts))?.Container == "webm" ? $"{Streams} -c copy -f webm" : $"{Streams} -c copy {Fragmented}";
        return facts.Video is null ? $"{Streams} -vn {Sound} {Fragmented}" : Encoding(Scaling);
    }

    /// <summary>The same for a film that is drawn on while it is encoded.</summary>
    /// <param name="filters">What is done to its picture.</param>
    public static string Encoding(string filters) =>
        $"{Streams} {Picture(filters)} {Sound} {Fragmented}";

    /// <summary>The picture alone, with a key frame every two seconds, so that a player seeks without waiting.</summary>
    public static string Picture(string filters) => $"-c:v libx264 -preset veryfast -crf 23 -pix_fmt yuv420p -vf {filters} -force_key_frames expr:gte(t,n_forced*2)";

    public static string MediaType(Rendering rendering, MediaFacts facts)
    {
        var isWeb = rendering == Rendering.Remuxed && Families.FirstOrDefault(family => family.Takes(facts))?.Container == "webm";
        return (facts.Video is null ? "audio/" : "video/") + (isWeb ? "webm" : "mp4");
    }

    private static Rendering DecideSound(Demuxer demuxer, string codec, TimeSpan? duration)
    {
        if (demuxer.Name == "wav" && codec.StartsWith("pcm_", StringComparison.Ordinal))
            return codec is "pcm_s16le" or "pcm_u8" or "pcm_s24le" && duration <= LongestPcm ? Rendering.AsIs : Rendering.Encoded;
        if (Sounds.Contains((demuxer.Name, codec)))
            return Rendering.AsIs;
        return codec is "aac" or "mp3" or "opus" or "vorbis" ? Rendering.Remuxed : Rendering.Encoded;
    }

    private sealed record Family(string Demuxer, string[] Videos, string[] Sounds, string Container)
    {
        public bool Takes(MediaFacts facts) =>
            (facts.Video is not { } video || (Array.IndexOf(Videos, video.Codec) >= 0 && (Container == "webm" ? WebFormats : PlainFormats).Contains(video.PixelFormat)))
            && (facts.Sound is not { } sound || Array.IndexOf(Sounds, sound.Codec) >= 0);
    }
}
