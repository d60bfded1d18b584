using RecordingVault.Server.Features.Mail;

namespace RecordingVault.Server.Features.Joining;

/// <summary>Sends invitations by letter where a mail server is set up; else the link is copied from the page.</summary>
internal sealed class MailedInvitations(InvitationLetters letters, Outbox outbox) : IInvitationPost
{
    public Task<bool> SendAsync(InvitationLetter letter, CancellationToken cancellationToken) =>
        Task.FromResult(letters.Put(new InvitationWords(letter.InvitationId, letter.Email, letter.InvitedBy, letter.TenantName, letter.Role, letter.ExpiresAt, letter.Url)));

    public Task TakeBackAsync(Guid invitationId, CancellationToken cancellationToken) => outbox.TakeBackAsync(invitationId, cancellationToken);
}
