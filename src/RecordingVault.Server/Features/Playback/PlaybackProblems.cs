using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Playback;

internal static class PlaybackProblems
{
    public static readonly Problem NotReady = new("not-ready", 409, "The recording is still being received. Its content can be read as soon as its upload has ended.");
    public static readonly Problem InTrash = new("in-trash", 409, "The recording is in the trash. Take it out first.");
    public static readonly Problem ViewOnly = new("view-only", 403, "This may be watched, not downloaded.");
    public static readonly Problem Restricted = new("restricted", 403, "The recording is marked restricted: only owners, admins and the person who added it open it, and no link does.");
    public static readonly Problem PurposeRefused = new("purpose-refused", 403, "The recording's usage tag does not allow this purpose, so nothing left the vault.");
    public static readonly Problem RangeUnsatisfiable = new("range-unsatisfiable", 416, "The range begins behind the end of the content.");
    public static readonly Problem SeveralRanges = new("several-ranges", 416, "Ask for one range at a time.");
    public static readonly Problem PreconditionFailed = new("precondition-failed", 412, "The content is not the one that If-Match names.");
    public static readonly Problem Damaged = new("damaged", 500, "What is stored of this content is damaged. No wrong byte was sent, and the vault's keeper was told.");
    public static readonly Problem NoRecord = new("no-record", 503, "The log can't be written at this moment, and nothing leaves without a record. Try again in a minute.");
    public static readonly Problem NotChecked = new("not-checked", 503, "The vault could not check for some seconds whether this is still allowed, so it stopped sending. Try again.");
    public static readonly Problem TooManyStreams = new("too-many-streams", 429, "Too much of this is being sent to you at once. End some of it, or wait until it has ended.");
    public static readonly Problem Stalled = new("stalled", 408, "Nothing was read for ten minutes. Ask for the rest when it is wanted.");
}
