using RecordingVault.Server.Features.Consent.Importing;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent;

internal static class ConsentProblems
{
    public static readonly Problem NobodyOfThisId = Problem.Invalid("participant", "give the id of somebody who is named as recorded in this recording.");

    public static readonly Problem ObjectionStands = new("objection-stands", 409, "This person said no to it. Only his own yes changes that: ask him, or write down that he gave it and how.");

    public static readonly Problem TooManyPeople = Problem.Invalid("participants", $"a recording has at most {PersonRequest.MostPeople} people.");

    /// <summary>A list with anything wrong in it is not taken at all; the member <c>errors</c> says of each line what cures it.</summary>
    public static Problem WrongRows(IReadOnlyList<RowError> errors) =>
        Problem.Invalid("text", $"line {errors[0].Line}, {errors[0].Column}: {errors[0].Cure}") with { Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors } };

    /// <summary>Why content does not leave, to somebody of the organisation: not who said what, which its own page tells.</summary>
    public static Problem NoConsent(ConsentVerdict verdict, Purpose purpose) => new("no-consent", StatusCodes.Status403Forbidden, verdict switch
    {
        ConsentVerdict.Objected => $"Somebody who was recorded has said no to {purpose.Name()}. The recording's page of consent says who; ask him again, or use it otherwise.",
        ConsentVerdict.NeedsReason => $"Not everybody who was recorded has agreed to {purpose.Name()}. The organisation allows it where an Owner or an Admin says why, on the recording's page of consent.",
        _ => $"Not everybody who was recorded has agreed to {purpose.Name()}, and the organisation's policy asks it. The recording's page of consent says whose word is missing.",
    })
    {
        Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["purpose"] = purpose.Name() },
    };

    /// <summary>The same, to somebody who came by a link: whether people said no is not his to know.</summary>
    public static readonly Problem NotShown = new("no-consent", 403, "This recording is not shown at the moment. Ask whoever sent you the link.");

    private static readonly Problem s_noReason = Problem.Invalid("reason", $"say in at most {UsageProblems.LongestReason} characters why content may leave with less consent than before; the log keeps it.");

    /// <summary>What asking for less consent needs, as the request tells it; null where it may go on.</summary>
    public static Problem? LooseningRefusal(HttpContext http, string? reason, DateTimeOffset now) =>
        http.User.SessionId() is null ? Problem.PersonNeeded
        : string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > UsageProblems.LongestReason ? s_noReason
        : FreshSignIn.Check(http, now);
}
