using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>Invitations that nobody has accepted yet, for those who invite.</summary>
internal sealed class OpenInvitations(VaultDbContext db, LetterStandings letters, TimeProvider time) : IWaitingThings
{
    public async Task<WaitingThing?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.RoleInTenant() is not (Role.Owner or Role.Admin))
            return null;
        var now = time.Now();
        var open = await db.Invitations.AsNoTracking().Where(invitation => invitation.AcceptedAt == null && invitation.RevokedAt == null && invitation.ExpiresAt > now)
            .Select(invitation => invitation.Id).ToListAsync(cancellationToken);
        var lost = (await letters.FindAsync(open, cancellationToken)).Values.Count(letter => letter.Failure is not null);
        return (open.Count, lost) switch
        {
            (0, _) => null,
            (var count, 0) => Thing(count, count == 1 ? "is not accepted yet." : "are not accepted yet."),
            _ => Thing(lost, "did not arrive by mail.") with { IsWrong = true },
        };
    }

    private static WaitingThing Thing(int count, string fact) =>
        new("mail", Amount.Count(count, "invitation", "invitations"), fact, count == 1 ? "Look at it" : "Look at them", "/settings/members");
}
