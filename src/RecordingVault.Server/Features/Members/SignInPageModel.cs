using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Members;

/// <summary>Posts email, password and returnTo to /signin.</summary>
public sealed record SignInPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public string? Email { get; init; }

    /// <summary>A path of our own, checked by the endpoint.</summary>
    public string? ReturnTo { get; init; }

    /// <summary>Whether the page stands under the name that passkeys are bound to.</summary>
    public bool TakesPasskeys { get; init; }

    public SignInFailure Failure { get; init; } = SignInFailure.None;

    /// <summary>With <see cref="SignInFailure.TooManyTries"/>: when the next try counts.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    public bool SignedOut { get; init; }

    /// <summary>Nobody has an account: who comes here looks for the set-up.</summary>
    public bool IsVaultNew { get; init; }
}

public enum SignInFailure
{
    None,

    /// <summary>Never says which of the two.</summary>
    WrongEmailOrPassword,

    TooManyTries,
}
