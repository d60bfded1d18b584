using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>What an invitation's mail is made of.</summary>
/// <param name="Url">The link with its fragment: whoever keeps the letter until it is sent keeps it sealed.</param>
internal sealed record InvitationLetter(Guid InvitationId, string Email, string? Name, string TenantName, string InvitedBy, Role Role, string Url, DateTimeOffset ExpiresAt);

/// <summary>Sends invitations, where the vault can send mail.</summary>
internal interface IInvitationPost
{
    /// <summary>Belongs to the caller's transaction: what is rolled back is sent to nobody.</summary>
    /// <returns>False where no letter goes out, to anybody or to this address.</returns>
    Task<bool> SendAsync(InvitationLetter letter, CancellationToken cancellationToken);

    /// <summary>Belongs to the caller's transaction: a letter whose link opens nothing any more stays here, if it is still here.</summary>
    Task TakeBackAsync(Guid invitationId, CancellationToken cancellationToken);
}
