using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent;

internal static class ConsentProblems
{
    public static readonly Problem NobodyOfThisId = Problem.Invalid("participant", "give the id of somebody who is named as recorded in this recording.");

    public static readonly Problem TooManyPeople = Problem.Invalid("participants", $"a recording has at most {PersonRequest.MostPeople} people.");
}
