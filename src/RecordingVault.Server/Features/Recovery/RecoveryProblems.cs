using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recovery;

internal static class RecoveryProblems
{
    public static readonly Problem OwnAccount = new("own-account", 403, "This is your own account: change its password under Settings, Security. Somebody else has to do this for you.");
    public static readonly Problem ReachesFurther = new("reaches-further", 403, "This account has a higher role than you, here or in another organisation. Ask an owner, or whoever runs this vault.");
    public static readonly Problem NoSecondFactor = new("no-second-factor", 409, "This account has no second factor.");
}
