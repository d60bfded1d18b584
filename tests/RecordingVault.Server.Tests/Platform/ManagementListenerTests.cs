using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Platform;

/// <summary>The operator's listener and everybody's are two, and what answers on one is not there on the other.</summary>
public sealed partial class ManagementListenerTests(SharedVault shared)
{
    private readonly TestVault vault = shared.Vault;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_answers_on_its_own_listener_and_is_not_there_on_the_other()
    {
        using var management = vault.ManagementClient();
        var (theirs, ours) = (0, 0);
        foreach (var (endpoint, method) in Routes())
        {
            var isManagement = endpoint.Metadata.GetMetadata<AnswersOn>()?.Listener == Listener.Management;
            var path = Fill(endpoint.RoutePattern.RawText!);

            using var wrong = await SendAsync(isManagement ? vault.Bare : management, method, path);
            Assert.True(
                wrong.StatusCode == HttpStatusCode.NotFound || (path == "/" && wrong.Headers.Location?.OriginalString == ManagementListener.Home),
                $"{method} {path} answered {(int)wrong.StatusCode} on the wrong listener");
            Assert.False(wrong.Headers.Contains("Set-Cookie"), $"{method} {path} set a cookie on the wrong listener");
            if (isManagement)
            {
                using var right = await SendAsync(management, method, path);
                Assert.True(right.StatusCode != HttpStatusCode.NotFound, $"{method} {path} is not there on the operator's listener");
                theirs++;
            }
            else
            {
                ours++;
            }
        }

        Assert.True(theirs >= 9 && ours >= 40, $"{theirs} routes of the operator and {ours} others were walked");
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("Forwarded")]
    public async Task No_header_makes_a_listener_of_another(string header)
    {
        using var management = vault.ManagementClient();
        var value = header switch { "Forwarded" => $"host=localhost:{vault.Management!.Port}", "X-Forwarded-Port" => $"{vault.Management!.Port}", _ => $"localhost:{vault.Management!.Port}" };

        using var request = new HttpRequestMessage(HttpMethod.Get, ManagementListener.SignInPath);
        request.Headers.TryAddWithoutValidation(header, value);
        Assert.Equal(HttpStatusCode.NotFound, (await vault.Bare.SendAsync(request, Ct)).StatusCode);

        using var back = new HttpRequestMessage(HttpMethod.Get, "/signin");
        back.Headers.TryAddWithoutValidation(header, value.Replace($"{vault.Management!.Port}", $"{vault.Address.Port}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await management.SendAsync(back, Ct)).StatusCode);
    }

    [Fact]
    public async Task Under_another_name_the_operators_listener_answers_nothing()
    {
        using var management = vault.ManagementClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, ManagementListener.SignInPath);
        request.Headers.Host = "evil.example";

        Assert.Equal(HttpStatusCode.BadRequest, (await management.SendAsync(request, Ct)).StatusCode);
    }

    [Fact]
    public async Task Where_no_address_is_named_there_is_no_such_listener()
    {
        await using var without = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Management:Urls"] = "" });

        Assert.Null(without.Management);
        Assert.Equal(HttpStatusCode.NotFound, (await without.Bare.GetAsync(ManagementListener.SignInPath, Ct)).StatusCode);
    }

    [Fact]
    public async Task It_stands_beside_endpoints_that_the_web_hosts_own_section_names()
    {
        await using var named = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["urls"] = null, ["Kestrel:Endpoints:Web:Url"] = "http://127.0.0.1:0" });
        using var management = named.ManagementClient();

        Assert.Equal(HttpStatusCode.OK, (await management.GetAsync(ManagementListener.SignInPath, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await management.GetAsync("/signin", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await named.Bare.GetAsync("/signin", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await named.Bare.GetAsync(ManagementListener.SignInPath, Ct)).StatusCode);
    }

    [Theory]
    [InlineData("http://+:8081", "plain http")]
    [InlineData("http://192.0.2.1:8081", "plain http")]
    [InlineData("http://operator.example:8081", "plain http")]
    [InlineData("localhost:8081", "no address to listen on")]
    [InlineData("http://localhost:8080", "listens for everybody")]
    [InlineData("http://127.0.0.1:8080", "listens for everybody")]
    [InlineData("http://localhost:8081, http://0.0.0.0:8082", "plain http")]
    public void A_listener_that_others_could_reach_is_refused_at_start(string urls, string why)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["urls"] = "http://localhost:8080";
        builder.Configuration["Vault:Management:Urls"] = urls;

        Assert.Contains(why, Assert.Throws<VaultStartException>(() => builder.AddVault()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:8081")]
    [InlineData("http://[::1]:8081;http://127.0.0.2:8080")]
    [InlineData("https://operator.example:8443")]
    [InlineData("http://unix:/run/vault/management.sock")]
    public void A_listener_of_this_machine_or_of_https_is_taken(string urls)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["urls"] = "http://localhost:8080";
        builder.Configuration["Vault:Management:Urls"] = urls;

        builder.AddVault();
    }

    private IEnumerable<(RouteEndpoint Endpoint, string Method)> Routes() =>
        from endpoint in vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<AnswersOn>()?.Listener != Listener.Both && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "DELETE"]
        select (endpoint, method);

    private static string Fill(string pattern) => "/" + Parameter().Replace(pattern.Trim('/'), match => match.Value switch
    {
        var id when id.Contains(":guid", StringComparison.Ordinal) => Guid.NewGuid().ToString(),
        "{documentName}" or "{documentName}.json" => "v1",
        _ => "x",
    });

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
