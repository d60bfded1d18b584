using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Which role reaches how far: what two roles both allow, which is what a token may do in the hand of its member.</summary>
internal static class RoleReach
{
    /// <summary>The role that allows what both allow, or null where they share nothing: an Auditor reads the log, which a Contributor may not.</summary>
    public static Role? Shared(Role one, Role other)
    {
        if (one == other)
            return one;
        if (one == Role.Auditor || other == Role.Auditor)
            return one is Role.Owner or Role.Admin || other is Role.Owner or Role.Admin ? Role.Auditor : null;
        return one > other ? one : other;
    }

    public static bool Covers(this Role holder, Role wanted) => Shared(holder, wanted) == wanted;
}
