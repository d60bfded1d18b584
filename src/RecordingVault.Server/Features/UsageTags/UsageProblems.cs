using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.UsageTags;

/// <summary>What loosening asks, of a recording's tag and of the organisation's policy alike.</summary>
internal static class UsageProblems
{
    public const int LongestReason = 500;

    public static readonly Problem NoSuchTag = Problem.Invalid("tag", $"it is one of {UsageWords.TagNames}.");
    public static readonly Problem NoSuchUse = Problem.Invalid("needConsent", $"each is one of {string.Join(", ", UsageWords.UseNames)}.");
    public static readonly Problem NotLoosened = new("tag-loosening-for-owners", 403, "Only an Owner or an Admin allows machines more than before. Ask one of them.");

    public static readonly Problem ApprovalForOwners = new("approval-for-owners", 403, "Only an Owner decides whether a second person's approval is taken in the place of missing consent. Ask one of them.");

    private static readonly Problem s_noReason = Problem.Invalid("reason", $"say in at most {LongestReason} characters why machines may do more with it; the log keeps it.");

    /// <summary>Uses that need the consent of everybody recorded, and do not have it.</summary>
    public static Problem ConsentMissing(IEnumerable<Use> uses) => new(
        "consent-missing", 409, $"The organisation's policy asks the consent of everybody recorded for {string.Join(", ", uses.Select(use => use.Name()))}, and it is not known. An Owner or an Admin decides what needs consent, under Settings, Organisation, Use by machines.")
    {
        Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["uses"] = uses.Select(use => use.Name()).ToList() },
    };

    public static readonly Problem NoProcessorName = Problem.Invalid("name", $"is what you call the service, in at most {Processors.Processor.LongestName} characters.");
    public static readonly Problem ProcessorNamedAlready = Problem.Invalid("name", "is that of a service that is named already.");
    public static readonly Problem TooManyProcessors = Problem.Invalid("name", $"would be one too many: there are at most {Processors.ProcessorBook.Most}. Take one back first.");

    public static bool MayLoosen(Role role) => role is Role.Owner or Role.Admin;

    /// <summary>Why this asker does not loosen, as his request tells it; null where he may go on.</summary>
    public static Problem? Refusal(HttpContext http, string? reason, DateTimeOffset now) =>
        !MayLoosen(http.User.RoleInTenant()) ? NotLoosened
        : http.User.SessionId() is null ? Problem.PersonNeeded
        : string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > LongestReason ? s_noReason
        : FreshSignIn.Check(http, now);
}
