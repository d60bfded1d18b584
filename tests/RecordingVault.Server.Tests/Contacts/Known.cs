using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>A tenant in whose recordings people are named, and what its scripts ask of contacts.</summary>
internal sealed class Known(TestTenant tenant)
{
    public const string Path = "/api/v1/contacts";

    public TestTenant Tenant => tenant;

    public static async Task<Known> MakeAsync(TestVault vault, CancellationToken cancellationToken) => new(await TestTenant.CreateAsync(vault, cancellationToken));

    public async Task<(Guid Recording, Guid Participant)> NameAsync(string name, string? email, CancellationToken cancellationToken, string title = "Session")
    {
        var owner = await tenant.ClientAsync(Role.Owner, cancellationToken);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title, participants = new[] { new { name, email } } }, cancellationToken);
        made.EnsureSuccessStatusCode();
        var recording = await made.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return (recording.GetProperty("id").GetGuid(), recording.GetProperty("participants")[0].GetProperty("id").GetGuid());
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken cancellationToken, Role role = Role.Owner) =>
        await (await tenant.ClientAsync(role, cancellationToken)).PostAsJsonAsync(Path + path, body, cancellationToken);

    public async Task<Guid> JoinAsync(CancellationToken cancellationToken, params Guid[] participants)
    {
        using var made = await PostAsync("", new { participants }, cancellationToken);
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    public async Task<JsonElement> ReadAsync(string path, CancellationToken cancellationToken) => await (await tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>(Path + path, cancellationToken);

    /// <summary>The participants of a contact, the newest recording's first.</summary>
    public async Task<IReadOnlyList<Guid>> PeopleAsync(Guid contact, CancellationToken cancellationToken) =>
        [.. (await ReadAsync($"/{contact}", cancellationToken)).GetProperty("recordings").GetProperty("items").EnumerateArray().Select(one => one.GetProperty("participant").GetGuid())];

    public string[] KeyObjects(Guid contact) =>
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(tenant.Vault.DataDirectory, "store", "t", tenant.Id.ToString()), "*", SearchOption.AllDirectories).Where(path => path.Contains(contact.ToString(), StringComparison.Ordinal))];
}
