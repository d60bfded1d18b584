using System.Net;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>What tus asks of every request, whatever it is for.</summary>
public sealed class ProtocolTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_tells_version_extensions_and_limits_without_a_sign_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(Tus.Root, UriKind.Relative));
        using var answer = await shared.Vault.Bare.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Version").Single());
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
        Assert.Equal("creation,creation-with-upload,creation-defer-length,checksum,expiration,termination", answer.Headers.GetValues("Tus-Extension").Single());
        Assert.Equal("sha1,sha256", answer.Headers.GetValues("Tus-Checksum-Algorithm").Single());
        Assert.Equal("274877906944", answer.Headers.GetValues("Tus-Max-Size").Single());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Another_version_of_the_protocol_is_412_and_names_ours(string method)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100, Ct);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(method == "POST" ? Tus.Root : address, UriKind.Relative));
        request.Headers.Add("Tus-Resumable", "0.2.2");

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Version").Single());
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
    }

    [Fact]
    public async Task A_request_without_a_sign_in_is_401_and_still_names_the_version()
    {
        using var request = TusClient.Request(HttpMethod.Head, $"{Tus.Root}/{Guid.NewGuid()}");
        request.Headers.Add("Authorization", "Bearer nobody");
        using var answer = await shared.Vault.Bare.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
    }

    [Fact]
    public async Task A_post_that_means_patch_or_delete_is_taken_as_such()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(5_000);
        var (address, _) = await tus.BeginAsync(bytes.Length + 1, Ct);

        using var patch = await tus.PatchAsync(address, 0, bytes, Ct, change: Disguise("PATCH"));
        var offset = await tus.OffsetAsync(address, Ct);
        using var delete = TusClient.Request(HttpMethod.Post, address);
        delete.Headers.Add("X-HTTP-Method-Override", "DELETE");
        using var deleted = await tus.Http.SendAsync(delete, Ct);

        Assert.Equal(HttpStatusCode.NoContent, patch.StatusCode);
        Assert.Equal(bytes.Length, offset);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/recordings", "PATCH")]
    [InlineData("/api/v1/uploads", "GET")]
    public async Task The_override_holds_on_upload_addresses_and_for_two_methods_only(string address, string meant)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var request = TusClient.Request(HttpMethod.Post, address);
        request.Headers.Add("X-HTTP-Method-Override", meant);
        request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        using var answer = await owner.SendAsync(request, Ct);

        Assert.NotEqual(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode); // the POST itself was looked at, and lacked what a POST needs
    }

    private static Action<HttpRequestMessage> Disguise(string method) => request =>
    {
        request.Method = HttpMethod.Post;
        request.Headers.Add("X-HTTP-Method-Override", method);
    };
}
