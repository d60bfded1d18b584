using System.Globalization;
using System.Text;
using RecordingVault.Server.Features.Processing.Media;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>
/// How the words come onto the picture. ffmpeg is given sizes of ours and the names of two files that lie in its sandbox: no word of anybody's stands in an argument or a filter, and
/// what is in the files is drawn letter by letter, never expanded.
/// </summary>
/// <param name="Output">ffmpeg's words for what to make.</param>
/// <param name="Words">What the sandbox finds in its /tmp, by name.</param>
internal sealed record CopyDrawing(string Output, IReadOnlyDictionary<string, string> Words)
{
    /// <summary>Raised whenever a copy would look otherwise: those that were made before are made anew.</summary>
    public const int Form = 1;

    /// <summary>The sandbox has it by the same path: programs' own files are bound there, read-only.</summary>
    public const string Font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    public const string MediaType = "video/mp4";

    /// <summary>The slate covers the first seconds and puts none before them: so captions, chapters and the transcript stay right.</summary>
    public const int SlateSeconds = 3;

    private const int WidestPicture = 1920, TallestPicture = 1080;

    public static CopyDrawing Of(VideoFacts video, CopyWords words, bool hasSlate, bool hasCorner)
    {
        var (width, height) = SizeOf(video);
        var filters = new StringBuilder(RenditionRule.Scaling);
        var drawn = new Dictionary<string, string>(StringComparer.Ordinal);
        if (hasSlate)
        {
            var size = Math.Clamp(Math.Min(width, height) / 14, 10, 60);
            drawn["slate"] = string.Join('\n', words.Slate.SelectMany(paragraph => Break(paragraph, width * 0.84 / size)));
            filters.Append(CultureInfo.InvariantCulture, $",drawbox=x=0:y=0:w=iw:h=ih:color=black:t=fill:enable='lt(t,{SlateSeconds})'")
                .Append(CultureInfo.InvariantCulture, $",{Text("slate", size)}:line_spacing={size / 2}:x=(w-tw)/2:y=(h-th)/2:enable='lt(t,{SlateSeconds})'");
        }

        if (hasCorner)
        {
            var size = Math.Clamp(Math.Min(width, height) / 30, 9, 30);
            drawn["corner"] = string.Join('\n', Break(words.Corner, width * 0.9 / size));
            // Light letters on a dark ground of their own: to be read on any picture. At the top, since players put their buttons and captions below.
            filters.Append(CultureInfo.InvariantCulture, $",{Text("corner", size)}:line_spacing={size / 4}:box=1:boxcolor=black@0.6:boxborderw={size / 2}:x=w-tw-{size}:y={size}");
        }

        return new CopyDrawing(RenditionRule.Encoding(filters.ToString()), drawn);
    }

    /// <summary>Breaks a text into lines by an estimate of how wide its letters are.</summary>
    /// <param name="widest">Of a line, in heights of a letter.</param>
    public static IReadOnlyList<string> Break(string text, double widest)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var used = 0.0;
        foreach (var word in text.Split(' '))
        {
            var room = Width(word);
            if (line.Length > 0 && used + Width(" ") + room > widest)
                EndLine();
            if (line.Length > 0)
            {
                line.Append(' ');
                used += Width(" ");
            }

            foreach (var rune in word.EnumerateRunes())
            {
                // A word that is longer than a line goes on in the next one.
                if (line.Length > 0 && used + Width(rune) > widest)
                    EndLine();
                line.Append(rune);
                used += Width(rune);
            }
        }

        EndLine();
        return lines;

        void EndLine()
        {
            lines.Add(line.ToString());
            line.Clear();
            used = 0;
        }
    }

    private static string Text(string file, int size) => string.Create(CultureInfo.InvariantCulture, $"drawtext=fontfile={Font}:textfile=/tmp/{file}:expansion=none:fontsize={size}:fontcolor=white");

    /// <summary>Of the picture that is drawn on: turned as players turn it, and made smaller as for a rendition.</summary>
    private static (int Width, int Height) SizeOf(VideoFacts video)
    {
        var (width, height) = video.Rotation % 180 == 0 ? (video.Width, video.Height) : (video.Height, video.Width);
        var factor = Math.Min(1, Math.Min((double)WidestPicture / width, (double)TallestPicture / height));
        return ((int)(width * factor), (int)(height * factor));
    }

    private static double Width(string word) => word.EnumerateRunes().Sum(Width);

    /// <summary>In heights of a letter, rather too much than too little.</summary>
    private static double Width(Rune rune) => rune.Value is ' ' ? 0.35 : Rune.IsUpper(rune) || rune.Value > 0x2FF ? 0.85 : rune.Value is 'm' or 'w' or '@' or '%' ? 1.0 : 0.64;
}
