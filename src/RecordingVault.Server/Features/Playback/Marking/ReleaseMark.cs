using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Server.Features.Playback.Marking;

/// <summary>What of the mark a release is told by: the tag in force, and of a film the front that it leaves with.</summary>
/// <param name="Egress">How it leaves; null for the pictures of a list.</param>
/// <param name="IsPacked">It goes into a package, whose own event names the carriers and digests of what left: the front of a view is not what leaves.</param>
internal sealed record ReleaseMark(UsageTag Tag, Egress? Egress, bool IsPacked = false)
{
    /// <summary>Where the tag of a picture stands: in the headers of its answer, and in the picture.</summary>
    public const string OfPictures = CarrierNames.Http + " " + CarrierNames.Xmp;

    /// <summary>One release is for all that stands beside a film: pictures, captions, and the waveform, which holds no mark.</summary>
    private const string OfTheRest = OfPictures + " " + CarrierNames.Vtt;

    /// <summary>Not everybody recorded has said yes, and the policy lets it leave and says so.</summary>
    public bool IsWithoutAllConsents { get; init; }

    /// <summary>SHA-256 of the front; null where there is none.</summary>
    public byte[]? Front => !IsPacked && Egress is Egress.Marked { Mark.Digest: var digest } ? digest.ToArray() : null;

    /// <summary>SHA-256 of the whole file that leaves; null where it was not read for it.</summary>
    public ReadOnlyMemory<byte>? FileDigest => !IsPacked && Egress is Egress.Marked { Mark.Signed.FileDigest: var digest } ? digest : null;

    /// <summary>The copy that was made for one recipient; null where the film of the recording leaves.</summary>
    public Guid? Copy => Egress is Egress.Marked { IsCopy: true, Asset.Id: var id } ? id : null;

    public bool IsUnmarked => Egress is Egress.Unmarkable;

    /// <summary>Where the tag stands, as the log names it; null for what goes into a package.</summary>
    public string? Carriers(ReleasePurpose purpose) => IsPacked ? null
        : Egress is Egress.Marked { Mark: var mark } ? $"{CarrierNames.Http} {mark.Layout.Carrier.Name()}{(mark.Signed is null ? "" : " " + CarrierNames.C2pa)}" : purpose == ReleasePurpose.List ? OfPictures : purpose == ReleasePurpose.Preview ? OfTheRest : CarrierNames.Http;
}
