using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

/// <summary>Posts name, password, code and returnTo to /operator/signin.</summary>
public sealed record OperatorSignInPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public required string ReturnTo { get; init; }

    public string? Name { get; init; }

    /// <summary>Never says which of the three.</summary>
    public string? Error { get; init; }

    public bool SignedOut { get; init; }

    /// <summary>He is signed in, and shows anew who he is.</summary>
    public bool IsAgain { get; init; }

    public bool TakesPasskeys { get; init; }
}
