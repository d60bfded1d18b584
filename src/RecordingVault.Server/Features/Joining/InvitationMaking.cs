using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Joining;

/// <summary>Somebody who is to join.</summary>
internal sealed record NewInvitation(string Email, string? Name, Role Role)
{
    public Problem? Check() => Refusal(MemberRules.CheckEmail(Email)) ?? (string.IsNullOrEmpty(Name) ? null : Refusal(MemberRules.CheckName(Name)));

    private static Problem? Refusal(FieldError? wrong) => wrong is null ? null : Problem.Invalid(wrong.Field, wrong.Sentence);
}

/// <summary>An invitation and its link, which is kept nowhere; or why there is none.</summary>
internal sealed record MadeInvitation(Invitation? Invitation, InvitationLink? Link, Problem? Refusal)
{
    public static MadeInvitation Refused(Problem problem) => new(null, null, problem);
}

/// <summary>Makes invitations in the scope's tenant, and makes their links anew.</summary>
internal sealed class InvitationMaking(VaultDbContext db, TenantKeys keys, AuditLog audit, LookupDigest lookup, InvitationMail mail, TimeProvider time)
{
    public const int MostOpen = 200;

    public async Task<MadeInvitation> MakeAsync(NewInvitation wanted, HttpContext http, CancellationToken cancellationToken)
    {
        var (memberId, actor) = (http.User.MemberId(), http.Actor());
        var link = new InvitationLink(new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true), SecretToken.New());
        var now = time.Now();
        using var key = await keys.DataKeyAsync(cancellationToken);
        SealedText Seal(string text, string column) => SealedText.Seal(key, db.TenantId, link.Id, column, text);
        var invitation = new Invitation
        {
            TenantId = db.TenantId,
            Id = link.Id,
            SecretHash = link.Hash(),
            Role = wanted.Role,
            Email = Seal(wanted.Email, Invitation.EmailColumn),
            Name = string.IsNullOrWhiteSpace(wanted.Name) ? null : Seal(wanted.Name.Trim(), Invitation.NameColumn),
            CreatedAt = now,
            ExpiresAt = now + Invitation.Lifetime,
            InvitedBy = memberId,
        };

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Behind the tenant's lock, so that two who invite the same address at once make one invitation.
        await audit.TakeTurnAsync(cancellationToken);
        if (await RefuseAsync(wanted, memberId, now, cancellationToken) is { } refusal)
            return MadeInvitation.Refused(refusal);
        db.Locators.Add(new Locator { Id = invitation.Id, Kind = LocatorKind.Invitation, TenantId = db.TenantId });
        db.Invitations.Add(invitation);
        invitation.IsMailed = await mail.SendAsync(invitation, link, http, cancellationToken);
        await audit.AppendAsync(new AuditEntry("invitation.created", actor, AuditTargetKind.Invitation, invitation.Id) { Fields = Fields(wanted, invitation) }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MadeInvitation(invitation, link, null);
    }

    /// <summary>A new secret and seven new days for an invitation that nobody has accepted; also for one that has ended or was withdrawn.</summary>
    /// <param name="byHand">No letter is written: whoever asks hands the link over, such as where mail does not arrive (docs/decisions/0130).</param>
    public async Task<MadeInvitation> RenewAsync(Guid id, bool byHand, HttpContext http, CancellationToken cancellationToken)
    {
        var (memberId, actor) = (http.User.MemberId(), http.Actor());
        var link = new InvitationLink(id, SecretToken.New());
        var now = time.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.Invitations.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } invitation)
            return MadeInvitation.Refused(Problem.NotFound);
        if (invitation.AcceptedAt is not null)
            return MadeInvitation.Refused(JoiningProblems.InvitationAccepted);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var again = new NewInvitation(InvitationReading.EmailOf(invitation, key), InvitationReading.NameOf(invitation, key), invitation.Role);
        if (await RefuseAsync(again, memberId, now, cancellationToken, except: id) is { } refusal)
            return MadeInvitation.Refused(refusal);
        invitation.Renew(link.Hash(), memberId, now);
        await mail.TakeBackAsync(invitation, cancellationToken);
        invitation.IsMailed = !byHand && await mail.SendAsync(invitation, link, http, cancellationToken);
        await audit.AppendAsync(new AuditEntry("invitation.renewed", actor, AuditTargetKind.Invitation, id) { Fields = Fields(again, invitation) }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new MadeInvitation(invitation, link, null);
    }

    /// <summary>Whether its maker saw the link: who joins by one that he saw may be he.</summary>
    private static IReadOnlyList<(string Name, string? Value)> Fields(NewInvitation wanted, Invitation invitation) =>
        [("recipient", wanted.Email), ("role", wanted.Role.ToString()), ("link", invitation.IsMailed ? "mailed" : "shown")];

    /// <summary>What stands against it now, read behind the lock: the asker's role may have changed since he was let in.</summary>
    private async Task<Problem?> RefuseAsync(NewInvitation wanted, Guid memberId, DateTimeOffset now, CancellationToken cancellationToken, Guid? except = null)
    {
        var own = await db.Memberships.AsNoTracking().Where(row => row.MemberId == memberId && row.EndedAt == null).Select(row => (Role?)row.Role).SingleOrDefaultAsync(cancellationToken);
        if (own is not { } role || !role.MayManage(wanted.Role))
            return JoiningProblems.InviteTooHigh;
        var digest = lookup.Of(wanted.Email);
        if (await db.Memberships.AnyAsync(row => row.EndedAt == null && db.Users.Any(member => member.Id == row.MemberId && member.NormalizedUserName == digest), cancellationToken))
            return JoiningProblems.MemberAlready;
        var open = await db.Invitations.AsNoTracking().Where(row => row.AcceptedAt == null && row.RevokedAt == null && row.ExpiresAt > now && row.Id != except).ToListAsync(cancellationToken);
        if (open.Count >= MostOpen)
            return JoiningProblems.TooManyInvitations;
        using var key = await keys.DataKeyAsync(cancellationToken);
        return open.Any(row => lookup.Of(InvitationReading.EmailOf(row, key)) == digest) ? JoiningProblems.InvitedAlready : null;
    }
}
