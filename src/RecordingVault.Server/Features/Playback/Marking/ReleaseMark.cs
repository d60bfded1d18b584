using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>What of the mark a release is told by: the tag in force, and of a film the front that it leaves with.</summary>
/// <param name="Egress">How it leaves; null for the pictures of a list.</param>
internal sealed record ReleaseMark(UsageTag Tag, Egress? Egress)
{
    /// <summary>Where the tag of a picture stands: in the headers of its answer, and in the picture.</summary>
    public const string OfPictures = Headers + " xmp";

    /// <summary>One release is for all that stands beside a film: pictures, captions, and the waveform, which holds no mark.</summary>
    private const string OfTheRest = Headers + " xmp vtt";

    private const string Headers = "http";

    /// <summary>SHA-256 of the front; null where there is none.</summary>
    public byte[]? Front => Egress is Egress.Marked { Mark.Digest: var digest } ? digest.ToArray() : null;

    public bool IsUnmarked => Egress is Egress.Unmarkable;

    /// <summary>Where the tag stands, as the log names it.</summary>
    public string Carriers(ReleasePurpose purpose) =>
        Egress is Egress.Marked { Mark.Layout.Carrier: var carrier } ? $"{Headers} {carrier.Name()}" : purpose == ReleasePurpose.List ? OfPictures : purpose == ReleasePurpose.Preview ? OfTheRest : Headers;
}
