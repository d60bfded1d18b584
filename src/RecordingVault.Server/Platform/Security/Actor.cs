using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Platform.Security;

/// <summary>Who acts, as the log tells it. Name, address and user agent are personal: they go into the log's sealed values only.</summary>
internal sealed record Actor(AuditActorKind Kind, Guid? Id)
{
    public static readonly Actor System = new(AuditActorKind.System, null);

    public string? Name { get; init; }
    public string? Address { get; init; }
    public string? UserAgent { get; init; }

    public IEnumerable<(string Name, string? Value)> Fields => [("actor.name", Name), ("actor.address", Address), ("actor.user-agent", UserAgent is { Length: > 512 } agent ? agent[..512] : UserAgent)];
}
