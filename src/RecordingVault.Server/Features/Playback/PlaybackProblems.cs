using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Playback;

internal static class PlaybackProblems
{
    public static readonly Problem NotReady = new("not-ready", 409, "The recording is still being received. Its content can be read as soon as its upload has ended.");
    public static readonly Problem InTrash = new("in-trash", 409, "The recording is in the trash. Take it out first.");
    public static readonly Problem MovedAway = new("moved-away", 409, "This file is in another recording now. Read the recording again.");
    public static readonly Problem ViewOnly = new("view-only", 403, "This may be watched, not downloaded.");
    public static readonly Problem Restricted = new("restricted", 403, "The recording is marked restricted: only owners, admins and the person who added it open it, and no link does.");
    public static readonly Problem RestrictedStays = new("restricted-stays", 403, "The recording is marked restricted: those who may open it watch it here, and no copy of it leaves. An Owner or an Admin can make its label looser first.");
    public static readonly Problem NoSuchWay = new("no-such-way", 403, "Content leaves by viewing, by download and as the pictures beside it, and in no other way.");
    public static readonly Problem PurposeNotListed = new("purpose-not-listed", 403, "This token may not be given content for this purpose. Make one that lists it, or use another.");
    public static readonly Problem BeingMarked = new("being-marked", 503, "The file is being made ready to leave with its mark. Ask again in a moment.") { RetryAfter = TimeSpan.FromSeconds(5) };
    public static readonly Problem CopyBeingMade = new("copy-being-made", 503, "The copy that is shown by this link, with its visible mark, is being made. Ask again in a while.") { RetryAfter = TimeSpan.FromSeconds(15) };
    public static readonly Problem CopyFailed = new("copy-failed", 409, "The copy that is shown by this link, with its visible mark, could not be made, and nothing else is shown. Whoever made the link finds why on its page.");
    public static readonly Problem Unmarkable = new("unmarkable", 409, "No mark can be put into this file, and no copy of it could be made that takes one: it is not shown, and leaves by no link. Who may download it in the organisation can have it as it is.");
    public static readonly Problem MarkFailed = new("mark-failed", 503, "The mark of this file could not be read back, so nothing was sent. The vault's keeper finds why in its log.");
    public static readonly Problem RangeUnsatisfiable = new("range-unsatisfiable", 416, "The range begins behind the end of the content.");
    public static readonly Problem SeveralRanges = new("several-ranges", 416, "Ask for one range at a time.");
    public static readonly Problem PreconditionFailed = new("precondition-failed", 412, "The content is not the one that If-Match names.");
    public static readonly Problem Damaged = new("damaged", 500, "What is stored of this content is damaged. No wrong byte was sent, and the vault's keeper was told.");
    public static readonly Problem NoRecord = new("no-record", 503, "The log can't be written at this moment, and nothing leaves without a record. Try again in a minute.");
    public static readonly Problem NotChecked = new("not-checked", 503, "The vault could not check for some seconds whether this is still allowed, so it stopped sending. Try again.");
    public static readonly Problem Stalled = new("stalled", 408, "Nothing was read for ten minutes. Ask for the rest when it is wanted.");
}
