using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.UsageTags.DataUse;

/// <summary>GET /t/{tenant}/data-use: open to all.</summary>
public sealed record DataUsePageModel
{
    public required PageFrame Frame { get; init; }

    public required string Name { get; init; }

    public required string Tag { get; init; }

    /// <summary>The tag as a sentence, in English as it stands in files.</summary>
    public required string Statement { get; init; }

    public required IReadOnlyList<string> NeedConsent { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<DataUseChange> Versions { get; init; }
}
