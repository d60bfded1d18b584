using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.People;

/// <summary>GET /settings/members/{id}. Posts role to /settings/members/{id}/role, and nothing to /settings/members/{id}/remove.</summary>
public sealed record MemberPageModel
{
    public required PageFrame Frame { get; init; }

    public required MemberLine Member { get; init; }

    /// <summary>Roles that the reader may give, the lowest first.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Links of his that work now and would stay.</summary>
    public required int LiveLinks { get; init; }

    public required bool IsLastOwner { get; init; }

    public string? Refusal { get; init; }
}
