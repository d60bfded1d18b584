using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Export.Asking;

/// <summary>The answer to an export of which something may not leave: nothing was made.</summary>
public sealed record ExportRefusedPageModel
{
    public required PageFrame Frame { get; init; }

    public required string Purpose { get; init; }

    public required string Recipient { get; init; }

    public required string Days { get; init; }

    public required DateTimeOffset RefusedAt { get; init; }

    /// <summary>Everything that was asked for.</summary>
    public required IReadOnlyList<Guid> All { get; init; }

    public required IReadOnlyList<RefusedRecording> Refused { get; init; }

    /// <summary>For what all of it may leave.</summary>
    public IReadOnlyList<PurposeWords> OtherPurposes { get; init; } = [];
}

/// <param name="Reasons">The most telling one first.</param>
public sealed record RefusedRecording(Guid Id, string Title, IReadOnlyList<RefusalReason> Reasons)
{
    /// <summary>The one in force.</summary>
    public required string Tag { get; init; }

    /// <summary>A link may show it instead.</summary>
    public bool CanBeShared { get; init; }
}
