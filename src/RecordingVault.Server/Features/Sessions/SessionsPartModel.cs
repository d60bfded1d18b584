using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sessions;

/// <summary>Posts nothing to /settings/security/sessions/{id}/end and …/end-others.</summary>
public sealed record SessionsPartModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>The present one first.</summary>
    public required IReadOnlyList<SessionLine> Sessions { get; init; }
}

/// <param name="Browser">Browser and system in plain words.</param>
/// <param name="Method">password, two-factors or passkey.</param>
public sealed record SessionLine(Guid Id, string Browser, DateTimeOffset SignedInAt, DateTimeOffset LastSeenAt, string Method)
{
    public bool IsCurrent { get; init; }

    public bool IsInAnotherTenant { get; init; }

    public string? Address { get; init; }
}
