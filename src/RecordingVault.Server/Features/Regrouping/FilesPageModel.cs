using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Regrouping;

/// <summary>GET /recordings/{id}/files: which of its files move out, or whose move in.</summary>
public sealed record FilesPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public IReadOnlyList<MovableFile> Files { get; init; } = [];

    /// <summary>As the field says it.</summary>
    public string Title { get; init; } = "";

    /// <summary>Links that open this recording now.</summary>
    public int LiveLinks { get; init; }

    /// <summary>Recordings of about the same time, the nearest first.</summary>
    public IReadOnlyList<NearRecording> Near { get; init; } = [];

    /// <summary>Why nothing was split.</summary>
    public string? SplitRefusal { get; init; }

    /// <summary>Why nothing can be merged, such as an address that is none.</summary>
    public string? MergeRefusal { get; init; }
}

/// <param name="Name">As its uploader called it.</param>
/// <param name="Role">As the API calls it.</param>
public sealed record MovableFile(Guid Id, string? Name, string Role, long SizeInBytes, bool IsChosen);

public sealed record NearRecording(Guid Id, string Title, DateTimeOffset MeetingAt, long SizeInBytes);

/// <summary>GET /recordings/{id}/merge, and the answer to its form where it was refused: what merging would mean.</summary>
public sealed record MergePageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Of the recording that the files move into.</summary>
    public required string Name { get; init; }

    public required Guid OtherId { get; init; }

    public required string OtherName { get; init; }

    /// <summary>Files that move, and their bytes together.</summary>
    public required int Files { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Links of the emptied recording, which stop.</summary>
    public required int StoppingLinks { get; init; }

    /// <summary>Links of this recording, which then show more.</summary>
    public required int LiveLinks { get; init; }

    /// <summary>Whether this recording has a film of its own, which goes on playing.</summary>
    public required bool HasFilm { get; init; }

    /// <summary>The label that this recording gets; null where it keeps its own.</summary>
    public string? TighterLabel { get; init; }

    /// <summary>Why it was refused, or would be.</summary>
    public string? Refusal { get; init; }
}
