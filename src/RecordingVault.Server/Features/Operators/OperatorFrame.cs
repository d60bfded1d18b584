using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

/// <summary>Which of the operator's pages is shown.</summary>
public enum OperatorPart
{
    Health,
    Jobs,
    Versions,
    Tenants,
    Security,
}

/// <summary>What each of the operator's pages stands in.</summary>
/// <param name="Name">The operator's own.</param>
public sealed record OperatorFrame(PageFrame Page, string Name);
