using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Passkeys;

/// <summary>Posts name to {Own}/{id}/name, and nothing to …/remove; the island posts what the authenticator made to {Own}.</summary>
public sealed record PasskeysPartModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>Where they are added and changed.</summary>
    public string Own { get; init; } = PasskeysFeature.Own;

    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<PasskeyLine> Passkeys { get; init; }

    /// <summary>False where the page was opened by a name that no passkey can be bound to.</summary>
    public bool CanAdd { get; init; } = true;
}

public sealed record PasskeyLine(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
