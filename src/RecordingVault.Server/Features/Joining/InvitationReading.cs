using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Joining;

/// <summary>An invitation as the API tells it. The link is there only in the answer that made its secret, and only where no letter carries it.</summary>
/// <param name="State">open, accepted, expired or revoked.</param>
/// <param name="Mailed">Whether the link goes to the address by letter, and is then told nobody else.</param>
internal sealed record InvitationResponse(
    Guid Id, string Email, string? Name, string Role, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, Guid InvitedBy,
    DateTimeOffset? AcceptedAt, Guid? AcceptedBy, DateTimeOffset? RevokedAt)
{
    public string? Url { get; init; }

    public bool? Mailed { get; init; }

    /// <summary>
    /// Of an open one that goes by letter: waiting, sent (the vault's mail server has taken it, and the vault hears no more), failing (it is tried again) or
    /// failed. Null where the link was shown.
    /// </summary>
    public string? Delivery { get; init; }

    /// <summary>Why the last try failed, in a sentence.</summary>
    public string? DeliveryFailure { get; init; }
}

/// <summary>The tenant's invitations, newest first, paged by key.</summary>
internal sealed class InvitationReading(VaultDbContext db, TenantKeys keys, Cursors cursors, LetterStandings letters, TimeProvider time)
{
    private const string List = "invitations";

    /// <summary>Null when the cursor is not one of this list.</summary>
    public async Task<PageResponse<InvitationResponse>?> PageAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var query = db.Invitations.AsNoTracking();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(List, db.TenantId, cursor, out var after))
                return null;
            query = query.Behind(after);
        }

        var rows = await query.NewestFirst().Take(limit + 1).ToListAsync(cancellationToken);
        var items = await OpenAsync([.. rows.Take(limit)], cancellationToken);
        return new PageResponse<InvitationResponse>(items, rows.Count > limit ? cursors.Write(List, db.TenantId, rows[limit - 1].Place()) : null);
    }

    public async Task<InvitationResponse> OpenAsync(Invitation invitation, CancellationToken cancellationToken) => (await OpenAsync([invitation], cancellationToken))[0];

    /// <summary>One that nobody could accept any more, because who made it may not invite into its role now, is told as revoked.</summary>
    public async Task<IReadOnlyList<InvitationResponse>> OpenAsync(IReadOnlyList<Invitation> invitations, CancellationToken cancellationToken)
    {
        var makers = invitations.Select(invitation => invitation.InvitedBy).Distinct().ToList();
        var roles = await db.Memberships.AsNoTracking().Where(membership => membership.EndedAt == null && makers.Contains(membership.MemberId))
            .ToDictionaryAsync(membership => membership.MemberId, membership => (Role?)membership.Role, cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        var now = time.Now();
        var standings = await letters.FindAsync([.. invitations.Where(invitation => invitation.IsMailed).Select(invitation => invitation.Id)], cancellationToken);
        return [.. invitations.Select(invitation => WithLetter(invitation, Open(invitation, key, State(invitation, roles.GetValueOrDefault(invitation.InvitedBy), now)), standings.GetValueOrDefault(invitation.Id)))];
    }

    public static string EmailOf(Invitation invitation, TenantDataKey key) => invitation.Email.Open(key, invitation.TenantId, invitation.Id, Invitation.EmailColumn);

    public static string? NameOf(Invitation invitation, TenantDataKey key) => invitation.Name?.Open(key, invitation.TenantId, invitation.Id, Invitation.NameColumn);

    /// <param name="makersRole">Null when whoever invited does not belong to the tenant now.</param>
    public static InvitationState State(Invitation invitation, Role? makersRole, DateTimeOffset now) =>
        invitation.StateAt(now) is var state and not InvitationState.Open ? state
        : makersRole is { } role && role.MayManage(invitation.Role) ? InvitationState.Open
        : InvitationState.Revoked;

    private static InvitationResponse WithLetter(Invitation invitation, InvitationResponse told, LetterStanding? letter) =>
        !invitation.IsMailed || told.State is not "open" ? told : told with
        {
            Delivery = letter switch { null => "sent", { Failure: null } => "waiting", { IsGivenUp: false } => "failing", _ => "failed" },
            DeliveryFailure = letter?.Sentence,
        };

    private static InvitationResponse Open(Invitation invitation, TenantDataKey key, InvitationState state) => new(
        invitation.Id, EmailOf(invitation, key), NameOf(invitation, key), invitation.Role.ToString(), state.ToString().ToLowerInvariant(), invitation.CreatedAt,
        invitation.ExpiresAt, invitation.InvitedBy, invitation.AcceptedAt, invitation.AcceptedBy, invitation.RevokedAt);
}
