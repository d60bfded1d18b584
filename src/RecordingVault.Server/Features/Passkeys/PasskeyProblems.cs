using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Passkeys;

internal static class PasskeyProblems
{
    public static readonly Problem Refused = new("passkey-refused", 400, "This passkey was not accepted. Try again, or use your password.");
    public static readonly Problem Over = new("passkey-challenge-over", 400, "This took longer than five minutes, or was answered before. Try again.");
    public static readonly Problem NeedsName = new("passkeys-need-name", 400, "Passkeys work under the vault's own name only. Open it by its public address, or by localhost on its own machine.");
    public static readonly Problem TooMany = new("too-many-passkeys", 409, "You have ten passkeys, which is as many as the vault keeps. Remove one that you no longer use, then add this one.");

    public static Problem TooManyTries(DateTimeOffset until) => new("too-many-tries", 429, "Passkeys were refused too often from here. Wait a little, or use your password.")
    {
        Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["at"] = until },
    };
}
