using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>GET /upload. The island speaks tus 1.0.0 with /api/v1/uploads.</summary>
public sealed record UploadPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>The longest file that the vault takes; null where there is no limit.</summary>
    public long? MaxLength { get; init; }

    /// <summary>The recording that everything chosen here goes into; null where each makes its own.</summary>
    public UploadTarget? Into { get; init; }

    /// <summary>The member's own uploads that stopped midway, newest first. The browser keeps nothing about them.</summary>
    public IReadOnlyList<UnfinishedUpload> Unfinished { get; init; } = [];
}

public sealed record UploadTarget(Guid Id, string Title);

public sealed record UnfinishedUpload
{
    /// <summary>The tus upload: /api/v1/uploads/{id}.</summary>
    public required Guid Id { get; init; }

    public required Guid RecordingId { get; init; }

    public required string FileName { get; init; }

    /// <summary>Of the recording that it goes into.</summary>
    public string? Title { get; init; }

    /// <summary>Whether it is one of the files that go into a recording which another one made.</summary>
    public bool IsOfSet { get; init; }

    /// <summary>original, audio, captions, transcript or chat, as the uploader said.</summary>
    public string Role { get; init; } = "original";

    public required long Length { get; init; }

    /// <summary>Bytes that are sealed and stored.</summary>
    public required long Confirmed { get; init; }

    /// <summary>As the uploader sent it, so that another file of the same name is noticed.</summary>
    public DateTimeOffset? LastModified { get; init; }
}
