namespace RecordingVault.Server.Features.Audit;

/// <summary>What events are about, by how their types begin. A type of none of them is still in the whole log.</summary>
internal static class AuditTopics
{
    public static readonly IReadOnlyList<AuditTopic> All =
    [
        new("watching", "Watching and downloading", ["content.", "viewing."]),
        new("links", "Links", ["share."]),
        new("recordings", "Recordings and uploads", ["recording.", "upload.", "manifest.", "processing."]),
        new("consent", "Consent and people", ["consent.", "consent-policy.", "consent-text.", "participant.", "contact.", "person-file.", "erasure."]),
        new("sign-in", "Signing in", ["member.signed", "member.sign-in", "member.factor", "member.address", "password.", "passkey.", "authenticator.", "recovery-code", "session.", "two-factors."]),
        new("members", "Members", ["member.", "invitation."]),
        new("tokens", "Tokens", ["token."]),
        new("retention", "Retention", ["retention.", "hold.", "matter."]),
        new("organisation", "The organisation and its log", ["tenant.", "operator.", "two-factors.", "audit."]),
    ];

    public static AuditTopic? Find(string name) => All.FirstOrDefault(topic => topic.Name == name);
}

/// <param name="Name">As an address says it.</param>
internal sealed record AuditTopic(string Name, string Words, IReadOnlyList<string> Beginnings)
{
    /// <summary>The same for the database's LIKE; no type holds one of its signs.</summary>
    public IReadOnlyList<string> Patterns { get; } = [.. Beginnings.Select(beginning => beginning + "%")];
}
