using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Contacts.Own;

/// <summary>GET /t/{tenant}/recorded, and what its form answers: the same for every address.</summary>
public sealed record AskOwnPageModel
{
    public required PageFrame Frame { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>False where the vault sends no mail: then the page says whom to ask.</summary>
    public required bool CanMail { get; init; }

    public string? Email { get; init; }

    /// <summary>It does not look like an address; says nothing of whether it is known.</summary>
    public bool IsNoAddress { get; init; }

    /// <summary>The ask was taken.</summary>
    public bool IsTaken { get; init; }

    public DateTimeOffset? NextTryAt { get; init; }
}

/// <summary>GET /o/{id} with the link's cookie.</summary>
public sealed record OwnPageModel
{
    public required PageFrame Frame { get; init; }
    public required Guid LinkId { get; init; }

    /// <summary>Empty where nobody is known by the address any more.</summary>
    public required string Name { get; init; }
    public required IReadOnlyList<OwnLine> Recordings { get; init; }

    /// <summary>There are more than are shown.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whose form took something back just now, and how many uses.</summary>
    public (Guid Participant, int Count)? TookBack { get; init; }
}

/// <param name="Title">Null where no question has told it to him.</param>
/// <param name="RecordedBy">Null where that account is gone.</param>
/// <param name="Statuses">By purpose, as the API calls them.</param>
public sealed record OwnLine(Guid Participant, string? Title, DateTimeOffset RecordedAt, string? RecordedBy, bool IsTrashed, IReadOnlyList<(string Purpose, string Status)> Statuses);
