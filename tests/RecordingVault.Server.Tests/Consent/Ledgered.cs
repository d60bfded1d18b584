using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>A recording with people in it, and what they say, by a script of its owner.</summary>
internal sealed record Ledgered(TestTenant Tenant, Guid Id, IReadOnlyDictionary<string, Guid> People)
{
    public string Path => $"/api/v1/recordings/{Id}";

    public static async Task<Ledgered> MakeAsync(TestVault vault, CancellationToken cancellationToken, params string[] names)
    {
        var tenant = await TestTenant.CreateAsync(vault, cancellationToken);
        return await MakeAsync(tenant, (await StoredRecording.PutAsync(vault, tenant, 1_000, cancellationToken)).Id, cancellationToken, names);
    }

    public static async Task<Ledgered> MakeAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken, params string[] names)
    {
        var owner = await tenant.ClientAsync(Role.Owner, cancellationToken);
        foreach (var name in names)
            (await owner.PostAsJsonAsync($"/api/v1/recordings/{id}/participants", new { name }, cancellationToken)).EnsureSuccessStatusCode().Dispose();
        return new Ledgered(tenant, id, (await PeopleAsync(tenant, id, cancellationToken)).ToDictionary(person => person.GetProperty("name").GetString()!, person => person.GetProperty("id").GetGuid(), StringComparer.Ordinal));
    }

    /// <summary>The task that somebody's no leaves to decide.</summary>
    public static async Task<Guid> WithTaskAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken)
    {
        var recording = await MakeAsync(tenant, id, cancellationToken, "Zoë");
        await recording.SaidAsync("Zoë", "share-external", "refused", cancellationToken);
        return (await recording.TasksAsync(cancellationToken))[0].GetProperty("id").GetGuid();
    }

    public async Task<IReadOnlyList<JsonElement>> TasksAsync(CancellationToken cancellationToken) =>
        [.. (await (await Tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>(Path + "/consent-tasks", cancellationToken)).GetProperty("items").EnumerateArray()];

    public static async Task<IReadOnlyList<JsonElement>> PeopleAsync(TestTenant tenant, Guid id, CancellationToken cancellationToken) =>
        [.. (await (await tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}/participants", cancellationToken)).GetProperty("items").EnumerateArray()];

    public async Task<HttpResponseMessage> SayAsync(string name, string purpose, string status, CancellationToken cancellationToken, Role role = Role.Owner) =>
        await (await Tenant.ClientAsync(role, cancellationToken)).PostAsJsonAsync(Path + "/consents", new { participant = People[name], purpose, status, method = "mail", lawfulBasis = status == "not-needed" ? "contract" : null }, cancellationToken);

    public async Task SaidAsync(string name, string purpose, string status, CancellationToken cancellationToken) =>
        (await SayAsync(name, purpose, status, cancellationToken)).EnsureSuccessStatusCode().Dispose();

    public async Task<string?> StatusAsync(string name, string purpose, CancellationToken cancellationToken) =>
        (await PeopleAsync(Tenant, Id, cancellationToken)).Single(person => person.GetProperty("name").GetString() == name).GetProperty("consents").GetProperty(purpose).GetString();

    public async Task<IReadOnlyList<JsonElement>> RecordsAsync(CancellationToken cancellationToken) =>
        [.. (await (await Tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>(Path + "/consents", cancellationToken)).GetProperty("items").EnumerateArray()];
}
