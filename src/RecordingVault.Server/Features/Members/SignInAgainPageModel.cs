using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Members;

/// <summary>Posts password, code and returnTo to /signin/again.</summary>
public sealed record SignInAgainPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    /// <summary>Of the member who is signed in.</summary>
    public required string Name { get; init; }

    public required string ReturnTo { get; init; }

    /// <summary>What is asked beside the password.</summary>
    public SecondStepNeed Second { get; init; }

    /// <summary>Whether the page stands under the name that passkeys are bound to.</summary>
    public bool TakesPasskeys { get; init; }

    public string? Error { get; init; }

    public string? CodeError { get; init; }
}
