using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Factors;

public sealed record TwoFactorsNeededPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public required string TenantName { get; init; }

    /// <summary>The member has a second factor and came in without it.</summary>
    public bool HasSecond { get; init; }
}
