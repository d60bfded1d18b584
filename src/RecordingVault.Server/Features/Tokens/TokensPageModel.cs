using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Tokens;

/// <param name="Member">Whose it is; null where it is the reader's own.</param>
/// <param name="Purposes">What content may leave for.</param>
public sealed record TokenLine(
    Guid Id, string Name, string? Member, string Role, IReadOnlyList<string> Purposes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, TokenState State)
{
    /// <summary>How many links that it made open something now.</summary>
    public int LiveLinks { get; init; }
}

public enum TokenState
{
    Live,
    Expired,
    Revoked,
}

/// <param name="Text">The whole token, this once.</param>
public sealed record MadeTokenText(string Name, string Role, DateTimeOffset ExpiresAt, string Text);

/// <summary>What was filled in, for a form that comes back.</summary>
public sealed record TokenForm
{
    public string? Name { get; init; }

    public string? Role { get; init; }

    public string Days { get; init; } = "90";

    public IReadOnlyList<string> Purposes { get; init; } = [];

    public string? NameError { get; init; }

    public string? DaysError { get; init; }

    /// <summary>What is wrong beside the fields.</summary>
    public string? Error { get; init; }
}

/// <summary>GET /settings/tokens?cursor={cursor}. Posts name, role, days and purpose-view, purpose-download; to …/{id}/revoke stop-links where its links are to end too, and nothing to …/{id}/stop-links.</summary>
public sealed record TokensPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>Newest first; Owners and Admins see all of the tenant, others their own.</summary>
    public required IReadOnlyList<TokenLine> Tokens { get; init; }

    public string? EarlierCursor { get; init; }

    /// <summary>What the reader may give: no higher than his own.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public required TokenForm Form { get; init; }

    public MadeTokenText? Made { get; init; }

    public bool IsRevoked { get; init; }

    /// <summary>The page comes after links of a token were stopped.</summary>
    public bool WereLinksStopped { get; init; }

    /// <summary>Whether the reader's role may stop links.</summary>
    public bool MayStopLinks { get; init; }
}
