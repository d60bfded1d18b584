using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>Closed by default (P4) and no read without a record (P3), read from the table of endpoints that the server really serves.</summary>
[Trait("Run", "Once")]
public sealed class EndpointTests(SharedVault shared)
{
    /// <summary>The page for addresses that lead nowhere; it answers every method and knows nothing.</summary>
    private const string NotFoundPage = "ANY /{*path:nonfile}";

    /// <summary>The framework's own way to serve static files of a program that was built and not published; a published one has no such address.</summary>
    private const string BuiltAssets = "/{**path:file}";

    /// <summary>What answers without a sign-in. Anything else here is a hole: add a line only with the reader's eyes on it.</summary>
    private static readonly string[] Open =
    [
        NotFoundPage,
        "GET /health/live",
        "GET /health/ready",
        "GET /robots.txt",
        "GET /.well-known/tdmrep.json",
        "GET /ai.txt",
        "GET /t/{tenant:guid}/data-use",
        "GET /t/{tenant:guid}/data-use.json",
        "GET /t/{tenant:guid}/recorded",
        "POST /t/{tenant:guid}/recorded",
        "GET /o/{id:guid}",
        "POST /o/{id:guid}/open",
        "POST /o/{id:guid}/take-back",
        "GET /license.xml",
        "GET /licenses/{tag}.xml",
        "GET /.well-known/recording-vault-keys.json",
        "GET /policies/tdm.json",
        "POST /theme",
        "GET /signin",
        "POST /signin",
        // Between password and code nobody is signed in: the sealed note of the first half lets them answer.
        "GET /signin/code",
        "POST /signin/code",
        // The operator's door, on his own listener.
        "GET /operator/signin",
        "POST /operator/signin",
        "POST /operator/signin/passkey/options",
        "POST /operator/signin/passkey",
        "GET /forgotten",
        "POST /forgotten",
        // Whoever holds a link about an account: what these answer depends on the link alone.
        "GET /address/return",
        "POST /address/return",
        "GET /reset",
        "POST /reset",
        "GET /address",
        "POST /address",
        "GET /removal",
        "POST /removal",
        "POST /signin/passkey/options",
        "POST /signin/passkey",
        // A calendar program shows the password of its own feed; without it there is nothing.
        "GET /calendar/due.ics",
        "GET /setup",
        "POST /setup",
        // Whoever holds an invitation: what these answer depends on its secret.
        "GET /join",
        "POST /join",
        "GET /join/open",
        "POST /join/account",
        "POST /join/accept",
        // What the uploads speak and how much they take; the same words stand in docs/api.md.
        "OPTIONS /api/v1/uploads",
        "OPTIONS /api/v1/uploads/{id:guid}",
        // Whoever proves a link's secret: these look at the link's own cookie and at nothing else.
        "GET /s/{id:guid}",
        "POST /s/{id:guid}/open",
        "GET /s/{id:guid}/content",
        "HEAD /s/{id:guid}/content",
        "GET /s/{id:guid}/download",
        "HEAD /s/{id:guid}/download",
        "GET /s/{id:guid}/poster",
        "GET /s/{id:guid}/thumbnails",
        "GET /s/{id:guid}/waveform",
        "GET /s/{id:guid}/captions/{language}",
        "GET /s/{id:guid}/events",
        "POST /s/{id:guid}/pace",
        "POST /s/{id:guid}/played",
        "GET /s/{id:guid}/stay",
        "POST /s/{id:guid}/stay",
        "POST /s/{id:guid}/leave",
        // Whoever was recorded, by the link that asks him or by his receipt: its own cookie, and nothing else.
        "GET /c/{id:guid}",
        "POST /c/{id:guid}/open",
        "POST /c/{id:guid}/answer",
        "GET /c/{id:guid}/receipt",
        "GET /c/{id:guid}/content",
        "HEAD /c/{id:guid}/content",
        "GET /c/{id:guid}/poster",
        "GET /c/{id:guid}/thumbnails",
        "GET /c/{id:guid}/waveform",
        "GET /c/{id:guid}/captions/{language}",
        "GET /c/{id:guid}/events",
        "POST /c/{id:guid}/pace",
    ];

    /// <summary>Addresses that end so let content out, whatever their method (P3).</summary>
    private static readonly string[] ContentEndings = ["/content", "/download", "/poster", "/captions/{lang}"];

    private IEnumerable<RouteEndpoint> Endpoints =>
        shared.Vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && Path(endpoint) != BuiltAssets);

    [Fact]
    public void Every_endpoint_names_its_policy_or_is_listed_as_open()
    {
        var open = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).SelectMany(Names).ToList();
        var undecided = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null).SelectMany(Names);

        Assert.Equal("", string.Join('\n', open.Except(Open)));
        Assert.Equal("", string.Join('\n', Open.Except(open)));
        Assert.Equal("", string.Join('\n', undecided));
    }

    [Fact]
    public void Style_and_script_of_the_pages_are_open_to_all()
    {
        var assets = shared.Vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null).ToList();

        Assert.NotEmpty(assets);
        Assert.All(assets, asset => Assert.NotNull(asset.Metadata.GetMetadata<IAllowAnonymous>()));
    }

    [Fact]
    public void Every_endpoint_says_which_methods_it_answers() =>
        Assert.Equal([NotFoundPage], Endpoints.Where(endpoint => Methods(endpoint).Count == 0).SelectMany(Names));

    [Fact]
    public void Every_endpoint_that_changes_something_declares_its_event_or_says_why_it_has_none() =>
        Assert.Equal("", string.Join('\n', Endpoints.Where(endpoint => Methods(endpoint).Any(IsUnsafe) && !DeclaresEvent(endpoint)).SelectMany(Names)));

    [Fact]
    public void Every_endpoint_that_lets_content_out_declares_its_event() =>
        Assert.Empty(Endpoints.Where(endpoint => ContentEndings.Any(Path(endpoint).EndsWith) && endpoint.Metadata.GetMetadata<AuditAction>() is null).SelectMany(Names));

    [Fact]
    public void Whoever_answers_with_content_says_how_it_leaves() =>
        Assert.Equal("", string.Join('\n', Endpoints.Where(endpoint => AnswersWithContent(endpoint) && endpoint.Metadata.GetMetadata<AuditAction>()?.Type != "content.released").SelectMany(Names)));

    [Fact]
    public void The_table_has_endpoints_to_look_at() =>
        Assert.Contains(Endpoints, endpoint => Methods(endpoint).Any(IsUnsafe) && DeclaresEvent(endpoint));

    private static bool AnswersWithContent(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler && handler.GetParameters().Any(parameter => parameter.ParameterType == typeof(ReleaseGate) || parameter.ParameterType == typeof(ContentAnswer));

    private static bool DeclaresEvent(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<AuditAction>() is not null || endpoint.Metadata.GetMetadata<NotAudited>() is { Reason.Length: > 0 };

    private static bool IsUnsafe(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static IEnumerable<string> Names(RouteEndpoint endpoint) => Methods(endpoint).DefaultIfEmpty("ANY").Select(method => $"{method} {Path(endpoint)}");
}
