using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Who may go on with an upload: its member in person, and the token that began it.</summary>
public sealed class OwnershipTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_does_not_find_what_its_member_or_another_token_of_his_began()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var other = await OtherTokenAsync(tenant);
        var (byToken, _) = await tus.BeginAsync(100, Ct);
        using var browser = new TestBrowser(shared.Vault);
        using var _ = await browser.SignInAsync(tenant.Owner, Ct);
        var inPerson = await BeginInPersonAsync(browser);

        foreach (var address in new[] { byToken, inPerson })
        {
            using var head = await other.HeadAsync(address, Ct);
            using var patch = await other.PatchAsync(address, 0, Footage.Make(100), Ct);
            using var delete = await other.DeleteAsync(address, Ct);
            Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
            Assert.Equal("not-found", await TusClient.SlugAsync(patch, 404, Ct));
            Assert.Equal("not-found", await TusClient.SlugAsync(delete, 404, Ct));
        }

        Assert.Equal(0, await tus.OffsetAsync(byToken, Ct));
    }

    [Fact]
    public async Task A_member_in_person_goes_on_with_what_his_token_began()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(5_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        await tus.AppendAsync(address, 0, bytes[..1_000], Ct);
        using var browser = new TestBrowser(shared.Vault);
        using var _ = await browser.SignInAsync(tenant.Owner, Ct);

        using var request = await InPersonAsync(browser, HttpMethod.Patch, address);
        request.Headers.Add(Tus.OffsetHeader, 1_000.ToString(CultureInfo.InvariantCulture));
        request.Content = TusClient.Part(bytes[1_000..]);
        using var answer = await browser.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    private static async Task<string> BeginInPersonAsync(TestBrowser browser)
    {
        using var request = await InPersonAsync(browser, HttpMethod.Post, Tus.Root);
        request.Headers.Add(Tus.LengthHeader, "100");
        using var answer = await browser.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task<HttpRequestMessage> InPersonAsync(TestBrowser browser, HttpMethod method, string address)
    {
        var request = TusClient.Request(method, address);
        request.Headers.Add("RequestVerificationToken", await browser.TokenAsync("/password", Ct));
        return request;
    }

    private static async Task<TusClient> OtherTokenAsync(TestTenant tenant)
    {
        var client = tenant.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct));
        return new TusClient(client);
    }
}
