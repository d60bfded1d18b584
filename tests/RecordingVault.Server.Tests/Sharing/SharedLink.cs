using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Sharing;

/// <summary>A link that was made over the API, and what the API said of it.</summary>
internal sealed record SharedLink(StoredRecording Recording, JsonElement Made)
{
    public Guid Id => Made.GetProperty("id").GetGuid();

    public string Url => Made.GetProperty("url").GetString()!;

    public string Secret => Url.Split('#')[1];

    public string Path => $"/api/v1/shares/{Id}";

    public string PublicPath => $"/s/{Id}";

    public static async Task<SharedLink> MakeAsync(TestVault vault, CancellationToken cancellationToken, object? body = null, int length = 200_000)
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, cancellationToken), length, cancellationToken);
        return await MakeAsync(await recording.LaidOutAsync(cancellationToken), cancellationToken, body);
    }

    public static async Task<SharedLink> MakeAsync(StoredRecording recording, CancellationToken cancellationToken, object? body = null)
    {
        var owner = await recording.Tenant.ClientAsync(Role.Owner, cancellationToken);
        using var answer = body is null ? await owner.PostAsync(recording.Path + "/shares", null, cancellationToken) : await owner.PostAsJsonAsync(recording.Path + "/shares", body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return new SharedLink(recording, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
    }

    /// <summary>The link as its owner reads it now.</summary>
    public async Task<JsonElement> ReadAsync(CancellationToken cancellationToken)
    {
        var owner = await Recording.Tenant.ClientAsync(Role.Owner, cancellationToken);
        return await owner.GetFromJsonAsync<JsonElement>(Path, cancellationToken);
    }

    public async Task<HttpResponseMessage> ChangeAsync(object change, CancellationToken cancellationToken)
    {
        var owner = await Recording.Tenant.ClientAsync(Role.Owner, cancellationToken);
        return await owner.PatchAsJsonAsync(Path, change, cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var owner = await Recording.Tenant.ClientAsync(Role.Owner, cancellationToken);
        (await owner.DeleteAsync(Path, cancellationToken)).EnsureSuccessStatusCode();
    }

    public static async Task<string> SlugAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return problem.GetProperty("type").GetString()!.Split('/')[^1];
    }
}
