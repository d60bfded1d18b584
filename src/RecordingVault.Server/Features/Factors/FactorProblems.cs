using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Factors;

internal static class FactorProblems
{
    public static readonly Problem Needed = new("two-factors-needed", 403, "This organisation asks for two factors. Set up a second one under Settings, Security, and sign in with it; tokens of a member work once he has one.");
    public static readonly Problem LastFactor = new("last-factor", 409, "This is your last second factor, and an organisation of yours asks for two. Add another one first.");
    public static readonly Problem OwnerNeedsTwo = new("owner-needs-two-factors", 409, "Sign in with two factors yourself before you ask others for them.");
}
