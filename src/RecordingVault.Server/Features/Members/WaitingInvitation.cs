using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Asked at the door for a member who has shown who he is and belongs to no tenant.</summary>
internal interface IWaitingInvitation
{
    /// <summary>True when he belongs to one now.</summary>
    Task<bool> AcceptAsync(HttpContext http, Guid memberId, Actor actor, CancellationToken cancellationToken);
}
