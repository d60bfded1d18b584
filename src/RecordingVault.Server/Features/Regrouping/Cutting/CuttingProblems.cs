using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

internal static class CuttingProblems
{
    public const int LongestReason = 500;

    public static readonly Problem NoLength = new("no-length", 409, "How long this recording is, is not known yet, or it holds neither film nor sound. Spans are marked in one whose length is known.");
    public static readonly Problem NoSpans = new("no-spans", 409, "Nothing is marked in this recording: mark the spans first that a copy is to be without.");
    public static readonly Problem AlreadyCutting = new("already-cutting", 409, "Another copy of this recording is being made just now. Wait until it is there.");
    public static readonly Problem CuttingOff = new("cutting-off", 409, "This vault makes no copies: processing is switched off, or can't run on its machine. Ask whoever runs it.");

    public static readonly Problem SpansChanged = new("spans-changed", 409, "The spans were changed since you looked at them. Look at them again, and ask for the copy once more.");

    public static readonly Problem NoTitle = Problem.Invalid("title", "give the copy a title: the original's may name who is left out.");
    public static readonly Problem NotSeen = Problem.Invalid("changedAt", "say which spans you looked at, by their changedAt.");
    public static readonly Problem NotOfRecording = Problem.Invalid("without", "name by their ids people who are named in this recording.");
    public static readonly Problem NoReason = Problem.Invalid("reason", $"say in at most {LongestReason} characters why these people are in the copy no more; the log keeps it.");
    public static readonly Problem NotConfirmed = Problem.Invalid("confirmed", "confirm that nobody of them is seen or heard in what is left: the vault can't know it.");
}
