using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.People;

/// <summary>
/// GET /settings/members?cursor=…&amp;invitations=…&amp;links=…, and the answer to its forms: the same page with <see cref="Made"/> filled, never a redirect, because a link is shown once.
/// Posts email, name and role to /settings/members/invite; byHand, for a link that is shown and not mailed, to /settings/members/invitations/{id}/renew, and to /revoke nothing.
/// </summary>
public sealed record MembersPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<MemberLine> Members { get; init; }

    /// <summary>Null at the end.</summary>
    public string? EarlierCursor { get; init; }

    /// <summary>Null at the end.</summary>
    public string? EarlierInvitations { get; init; }

    /// <summary>Null at the end.</summary>
    public string? EarlierLinks { get; init; }

    /// <summary>Where the lists of this page begin.</summary>
    internal MembersPlace Place { get; init; } = MembersPlace.Newest;

    public required IReadOnlyList<InvitationLine> Invitations { get; init; }

    public InviteForm Form { get; init; } = new();

    /// <summary>Whether invitations go out by letter.</summary>
    public bool CanMail { get; init; }

    /// <summary>Roles into which the reader may invite, the lowest first.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public MadeInvitationLink? Made { get; init; }

    /// <summary>Why a button of the page did nothing.</summary>
    public string? Refusal { get; init; }

    public MembersPageDone? Done { get; init; }

    /// <summary>Owners see them; empty for all others.</summary>
    public IReadOnlyList<LeftLinkLine> LeftLinks { get; init; } = [];
}

public enum MembersPageDone
{
    RoleChanged,
    Removed,
    Withdrawn,
}

public sealed record MemberLine(Guid Id, string Name, string Email, string Role, DateTimeOffset JoinedAt, bool IsReader, bool MayManage)
{
    /// <summary>Why the last letter to the address did not arrive; null where nothing is known to be wrong.</summary>
    public string? MailFailure { get; init; }
}

/// <param name="State">open, accepted, expired or revoked.</param>
public sealed record InvitationLine(Guid Id, string Email, string? Name, string Role, string State, DateTimeOffset ExpiresAt, bool MayManage)
{
    /// <summary>Of an open one that goes by letter: waiting, sent, failing or failed. Null where the link was shown.</summary>
    public string? Delivery { get; init; }

    /// <summary>Why the last try failed.</summary>
    public string? DeliveryFailure { get; init; }
}

public sealed record InviteForm
{
    public string? Email { get; init; }

    public string? Name { get; init; }

    public string Role { get; init; } = "Viewer";

    public string? EmailError { get; init; }

    public string? NameError { get; init; }

    public string? Error { get; init; }
}

/// <param name="Url">With its fragment; null where it goes to the address by letter, and to nobody else.</param>
public sealed record MadeInvitationLink(string? Url, string Email, string Role, DateTimeOffset ExpiresAt);

public sealed record LeftLinkLine(Guid ShareId, Guid RecordingId, string RecordingTitle, string MadeBy, string? RecipientName, bool AllowsDownload, DateTimeOffset ExpiresAt);
