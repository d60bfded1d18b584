using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Streaming;

internal static class StreamProblems
{
    public static readonly Problem TooMany = new("too-many-streams", 429, "Too much of this is being sent to you at once. End some of it, or wait until it has ended.");
}
