using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>Who has not proved a link's secret hears one thing only, whatever is the matter: <see cref="Problem.NotFound"/>.</summary>
internal static class ShareProblems
{
    public static readonly Problem PasscodeNeeded = new("passcode-needed", 403, "This link asks for a passcode as well.");
    public static readonly Problem PasscodeLocked = new("passcode-locked", 403, "The passcode was wrong five times. Ask the person who shared this for a new one.");
    public static readonly Problem Changed = new("link-changed", 410, "This link was changed by the person who shared it. Open it again.");

    public static Problem TooManyTries(DateTimeOffset until) => new Problem("too-many-tries", 429, "This link was tried too often from here or elsewhere. Wait a little, then try again.").With(("at", until));

    public static Problem PasscodeWrong(int triesLeft) =>
        new Problem("passcode-wrong", 403, $"That is not the passcode. {(triesLeft == 1 ? "There is 1 more try." : $"There are {triesLeft} more tries.")}").With(("triesLeft", triesLeft));

    public static Problem? Ended(DateTimeOffset? stoppedAt, DateTimeOffset expiresAt, DateTimeOffset now) =>
        stoppedAt is { } at ? Stopped(at)
        : now >= expiresAt ? Expired(expiresAt)
        : null;

    public static Problem Expired(DateTimeOffset at) => new Problem("link-ended", 410, "This link has ended. Ask the person who shared it for a new one.").With(("at", at));

    /// <summary>The same problem, telling more. For those who proved the secret.</summary>
    public static Problem With(this Problem problem, params (string Name, object? Value)[] members) =>
        problem with { Members = (problem.Members ?? new Dictionary<string, object?>(StringComparer.Ordinal)).Concat(members.Select(member => KeyValuePair.Create(member.Name, member.Value))).ToDictionary(StringComparer.Ordinal) };

    private static Problem Stopped(DateTimeOffset at) => new Problem("link-stopped", 410, "This link was stopped by the person who shared it.").With(("at", at));
}
