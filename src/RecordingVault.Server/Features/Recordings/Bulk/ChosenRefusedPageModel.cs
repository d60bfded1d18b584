using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings.Bulk;

/// <summary>The answer to a change of several recordings of which one at least could not be made.</summary>
public sealed record ChosenRefusedPageModel
{
    public required PageFrame Frame { get; init; }

    public required string Title { get; init; }

    public required IReadOnlyList<BulkRefusal> Refused { get; init; }
}
