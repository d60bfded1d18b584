using RecordingVault.Server.Features.Recordings.Labels;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings.Editing;

/// <summary>GET /recordings/{id}/edit, and the answer to its form where something is wrong: with what was written, and a cure at each field.</summary>
public sealed record EditPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The title that it has.</summary>
    public required string Name { get; init; }

    /// <summary>As the field says it.</summary>
    public required string Title { get; init; }

    /// <summary>Why nothing was saved, though every field is right.</summary>
    public string? Refusal { get; init; }

    public string? TitleError { get; init; }

    /// <summary>As 2026-11-24T09:30, in UTC until the page's script writes it in the reader's zone.</summary>
    public required string RecordedAt { get; init; }

    public string? TimeError { get; init; }

    /// <summary>A person a line.</summary>
    public required string People { get; init; }

    public string? PeopleError { get; init; }

    public required LabelPartModel Label { get; init; }

    public IReadOnlyList<EditedFile> Files { get; init; } = [];
}

/// <param name="Role">As the API calls it.</param>
public sealed record EditedFile(string Role, long SizeInBytes);
