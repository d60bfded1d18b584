using System.Globalization;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Members;

internal static class MembersProblems
{
    public static readonly Problem PasswordChangeNeeded = new("password-change-needed", 403, "Choose a password of your own first, on the page /password.");
    public static readonly Problem RoleTooHigh = new("role-too-high", 403, "A token can't have a higher role than you have.");
    public static readonly Problem PurposesTooWide = new("purposes-too-wide", 403, "A token made by a token can't be for more purposes than it. Ask for fewer, or make it while signed in.") { Field = "purposes" };
    public static readonly Problem OutlivesMaker = new("outlives-maker", 400, "A token made by a token can't outlive it. Ask for fewer days, or make it while signed in.") { Field = "days" };

    /// <summary>The sentence that a throttled page shows: until when, and nothing else.</summary>
    public static string WaitSentence(DateTimeOffset until) =>
        string.Create(CultureInfo.InvariantCulture, $"Too many tries. You can try again after {until.UtcDateTime:HH:mm:ss} UTC.");
}
