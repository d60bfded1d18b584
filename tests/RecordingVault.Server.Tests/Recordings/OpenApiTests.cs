using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class OpenApiTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_api_describes_itself_to_those_who_may_use_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var viewer = await tenant.ClientAsync(Role.Viewer, Ct);

        var document = await viewer.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Ct);
        using var stranger = await shared.Vault.Bare.GetAsync("/openapi/v1.json", Ct);

        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/v1/recordings", paths.Select(path => path.TrimEnd('/')));
        Assert.Contains("/api/v1/shares/{id}", paths);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }
}
