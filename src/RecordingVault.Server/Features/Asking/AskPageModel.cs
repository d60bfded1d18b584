using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Asking;

/// <summary>GET and POST /recordings/{id}/ask: whom to ask what, and who was asked. The answer to its form shows the links this once.</summary>
public sealed record AskPageModel
{
    public required PageFrame Frame { get; init; }
    public required Guid RecordingId { get; init; }
    public required string Title { get; init; }

    /// <summary>Who can be asked; empty where nobody is named.</summary>
    public required IReadOnlyList<AskedPerson> People { get; init; }

    /// <summary>All purposes; those that are ticked.</summary>
    public required IReadOnlyList<(string Name, bool IsTicked)> Uses { get; init; }
    public int Days { get; init; } = 14;
    public bool MayWatch { get; init; }
    public string Note { get; init; } = "";

    /// <summary>No letters, though they could be written.</summary>
    public bool ByHand { get; init; }
    public string? Error { get; init; }

    /// <summary>Whether letters go out to those who have an address.</summary>
    public bool HasMail { get; init; }

    public IReadOnlyList<MadeQuestion> Made { get; init; } = [];

    /// <summary>Earlier ones, the newest first.</summary>
    public IReadOnlyList<AskedQuestion> Asked { get; init; } = [];
}

public sealed record AskedPerson(Guid Id, string Name, bool HasAddress, bool IsTicked);

/// <param name="Url">With its fragment; null where a letter carries it, and nobody else is shown it.</param>
public sealed record MadeQuestion(Guid Id, string Name, string? Url);

/// <param name="State">open, answered, expired or stopped.</param>
/// <param name="ReceiptId">Of the newest answer; null while there is none.</param>
public sealed record AskedQuestion(Guid Id, string Name, string State, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, DateTimeOffset? AnsweredAt, Guid? ReceiptId)
{
    public bool IsMailed { get; init; }
    public bool IsStopped { get; init; }
    public DateTimeOffset? RemindedAt { get; init; }
}
