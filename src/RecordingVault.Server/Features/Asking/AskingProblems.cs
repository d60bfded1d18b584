using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Asking;

/// <summary>Who has not proved a link's secret hears one thing only, whatever is the matter: <see cref="Problem.NotFound"/>.</summary>
internal static class AskingProblems
{
    public static readonly Problem Reworded = new("question-reworded", 409, "The words of this question were changed after you had opened it. Read them, and answer again.");

    public static readonly Problem AskingOver = new("asking-over", 409, "The time for answering is over. What you gave can still be taken back; to give more, ask for a new link.");

    public static readonly Problem AnsweredOften = new("answered-often", 429, "This question was answered very often. What you gave can still be taken back; to change more, ask for a new link.");

    public static Problem? Ended(DateTimeOffset? stoppedAt, DateTimeOffset expiresAt, DateTimeOffset now) => ShareProblems.Ended(stoppedAt, expiresAt, now);

    public static Problem Expired(DateTimeOffset at) => ShareProblems.Expired(at);
}
