using System.Text.Json;

namespace RecordingVault.Server.Tests.Fixture;

internal static class TenantLog
{
    /// <summary>Whether the newest events hold one of this type about this thing.</summary>
    public static async Task<bool> HasEventAsync(this TestTenant tenant, string type, Guid target, CancellationToken cancellationToken) =>
        (await tenant.EventsAsync(cancellationToken)).Any(line => line.GetProperty("type").GetString() == type
            && line.GetProperty("target") is { ValueKind: JsonValueKind.Object } party && party.GetProperty("id").GetGuid() == target);
}
