using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>What a link may be made with or changed to.</summary>
internal static class ShareTerms
{
    public const int LongestRecipientName = 200;
    public const int LongestNote = 2_000;

    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(14);

    /// <summary>P4: a link expires. Whoever needs it longer says so again within a year.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    public static Problem? CheckExpiry(DateTimeOffset? expiresAt, DateTimeOffset now) =>
        expiresAt is { } at && (at <= now || at > now + LongestLife) ? Problem.Invalid("expiresAt", "give a time that is still to come, at most a year ahead.") : null;

    public static Problem? CheckPasscode(string? passcode) =>
        passcode is not null && passcode.Trim().Length is < Passcodes.Shortest or > Passcodes.Longest ? Problem.Invalid("passcode", "a passcode has 4 to 128 characters.") : null;

    public static Problem? CheckWords(string? recipientName, string? note) =>
        recipientName is { Length: > LongestRecipientName } ? Problem.Invalid("recipientName", "a name has at most 200 characters.")
        : note is { Length: > LongestNote } ? Problem.Invalid("note", "a note has at most 2,000 characters.")
        : null;
}
