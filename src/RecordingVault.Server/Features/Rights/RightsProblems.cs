using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Rights;

internal static class RightsProblems
{
    public static readonly Problem OneIsOpen = new("erasure-open", 409, "A request of this person is open already. Close it before another is opened.");

    public static readonly Problem OneWaits = new("erasure-waits", 409, "This person asked to be erased, and nobody has answered yet. Close that request first.");

    public static readonly Problem TooMany = new("erasure-requests-many", 409, "So many requests of one person were answered here that no more are taken.");

    public static Problem StillNamed(int recordings) => new(
        "still-named", 409, $"{Amount.Count(recordings, "recording", "recordings")} still name this person. Move them to the trash and empty it, or take him off; or say what is kept, and why, with the outcome partly.");
}
