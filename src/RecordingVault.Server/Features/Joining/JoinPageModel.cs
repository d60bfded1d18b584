using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Joining;

/// <summary>GET /join, the same for every link and for none: it asks the database nothing. Its island posts the link to /join when the person presses Open.</summary>
/// <param name="Refused">Null, or why the link that was posted opens nothing.</param>
public sealed record JoinGatePageModel(PageFrame Frame, JoinRefusal? Refused = null);

public enum JoinRefusal
{
    /// <summary>Not a link of this vault, withdrawn before its secret was known, or made anew since: one answer for all.</summary>
    Nothing,

    TooManyTries,
}

/// <summary>GET /join/open, for a browser that holds an opened link. Posts name and password to /join/account, or nothing to /join/accept.</summary>
public sealed record JoinPageModel
{
    public required PageFrame Frame { get; init; }

    public required JoinStep Step { get; init; }

    public required string TenantName { get; init; }

    /// <summary>Owner, Admin, Contributor, Viewer or Auditor.</summary>
    public required string Role { get; init; }

    public required string Email { get; init; }

    /// <summary>Null when that account is gone.</summary>
    public string? InvitedBy { get; init; }

    public string? Name { get; init; }

    /// <summary>Who is signed in at this browser, where it is somebody else.</summary>
    public string? SignedInAs { get; init; }

    public string? NameError { get; init; }

    public string? PasswordError { get; init; }

    public int MinimumPasswordLength { get; init; } = 10;
}

public enum JoinStep
{
    /// <summary>No account has this address: he makes one.</summary>
    NewAccount,

    /// <summary>The address has an account that nobody has shown to be his, and the link came to him by letter: he chooses name and password anew, and what was set up in it ends.</summary>
    TakeAccount,

    /// <summary>The same, and the link was handed over: he sets a new password first, by letter or with the operator's help.</summary>
    ResetFirst,

    /// <summary>The address has an account: he signs in first.</summary>
    SignIn,

    /// <summary>He is signed in with the invited address.</summary>
    Accept,

    /// <summary>Somebody else is signed in at this browser.</summary>
    OtherAccount,

    /// <summary>He belongs to the organisation.</summary>
    Joined,

    Used,
    Ended,
    Withdrawn,
}
