using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Joining;

internal static class JoiningProblems
{
    public static readonly Problem InvitedAlready = new("invited-already", 409, "This address is invited already. Make its link anew, or withdraw the invitation first.") { Field = "email" };
    public static readonly Problem MemberAlready = new("member-already", 409, "Somebody with this address belongs to your organisation already.") { Field = "email" };
    public static readonly Problem TooManyInvitations = new("too-many-invitations", 409, $"{InvitationMaking.MostOpen} invitations are open. Withdraw one that nobody will use.");
    public static readonly Problem InvitationAccepted = new("invitation-accepted", 409, "This invitation was accepted. Whoever joined stands among the members.");
    public static readonly Problem InviteTooHigh = new("invite-too-high", 403, "You can't invite into a role above your own.") { Field = "role" };
}
