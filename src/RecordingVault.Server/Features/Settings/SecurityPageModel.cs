using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Features.Sessions;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Settings;

/// <summary>One model for each part of the page.</summary>
public sealed record SecurityPageModel
{
    public required PageFrame Frame { get; init; }

    public required FactorsPartModel Factors { get; init; }

    public required PasskeysPartModel Passkeys { get; init; }

    public required SessionsPartModel Sessions { get; init; }
}
