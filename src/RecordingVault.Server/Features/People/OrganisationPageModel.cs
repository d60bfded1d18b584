using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.People;

/// <summary>GET /settings/organisation. Owners post name to it; everybody posts nothing to /settings/organisation/leave.</summary>
public sealed record OrganisationPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required OrganisationHoldings Holds { get; init; }

    public required string Name { get; init; }

    public string? NameError { get; init; }

    public bool IsSaved { get; init; }

    /// <summary>The reader is its only owner, and can't leave.</summary>
    public bool IsLastOwner { get; init; }

    public string? Refusal { get; init; }

    public bool RequiresTwoFactors { get; init; }

    /// <summary>The reader came in with two factors.</summary>
    public bool HasTwoFactors { get; init; }

    /// <summary>The owner decides about the name.</summary>
    public bool MayRename => Frame.Member?.Role is "Owner";
}

/// <param name="SizeInBytes">Of what its recordings hold, before sealing.</param>
/// <param name="InTrash">Of the recordings, those in the trash.</param>
public sealed record OrganisationHoldings(int Recordings, int InTrash, long SizeInBytes, int LiveLinks, int Members);
