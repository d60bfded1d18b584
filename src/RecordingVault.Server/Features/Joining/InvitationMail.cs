using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>Writes the letter of an invitation, where the vault can send one.</summary>
internal sealed class InvitationMail(IInvitationPost post, PageFrames frames, TenantKeys keys, PublicAddress address)
{
    /// <returns>False where none goes out: then whoever invites hands the link over himself.</returns>
    public async Task<bool> SendAsync(Invitation invitation, InvitationLink link, HttpContext http, CancellationToken cancellationToken)
    {
        using var key = await keys.DataKeyAsync(cancellationToken);
        return await post.SendAsync(
            new InvitationLetter(
                invitation.Id, InvitationReading.EmailOf(invitation, key), InvitationReading.NameOf(invitation, key), await frames.TenantNameAsync(cancellationToken),
                http.User.Identity?.Name ?? "", invitation.Role, link.Url(address.Root(http.Request)), invitation.ExpiresAt),
            cancellationToken);
    }

    public Task TakeBackAsync(Invitation invitation, CancellationToken cancellationToken) => post.TakeBackAsync(invitation.Id, cancellationToken);
}
