using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Architecture;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Roles;

/// <summary>Who may call an endpoint: the roles, and whether their tokens may too; nobody named means that it is open to all.</summary>
internal sealed record RoleRow(string Method, string Path, IReadOnlyList<Role> Roles, bool ByToken)
{
    /// <summary>Roles whose question reaches the release gate, which says no and writes it down.</summary>
    public IReadOnlyList<Role> Refused { get; init; } = [];

    public bool IsOpen => Roles.Count == 0;

    public bool HasId => Path.Contains("{id", StringComparison.Ordinal);

    /// <summary>As docs/roles.md writes it.</summary>
    public string Line => IsOpen
        ? $"| `{Method} {Path}` | open |"
        : $"| `{Method} {Path}` | {string.Join(" | ", Enum.GetValues<Role>().Select(role => Roles.Contains(role) ? "yes" : Refused.Contains(role) ? "refused" : "–"))} | {(ByToken ? "yes" : "–")} |";
}

/// <summary>The table of docs/roles.md, and the same table as the server's own policies give it.</summary>
internal static partial class RoleTable
{
    public static IReadOnlyList<RoleRow> Written() =>
        [.. Row().Matches(Checkout.Read("docs/roles.md")).Select(match => new RoleRow(
            match.Groups["method"].Value,
            match.Groups["path"].Value,
            Roles(match, "yes"),
            match.Groups["cells"].Value is not "open" && Cells(match)[^1] is "yes") { Refused = Roles(match, "refused") })];

    public static async Task<IReadOnlyList<RoleRow>> ServedAsync(TestVault vault)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        var provider = scope.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>();
        var service = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();
        var rows = new List<RoleRow>();
        foreach (var endpoint in Endpoints(vault))
        {
            var policy = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? await AuthorizationPolicy.CombineAsync(provider, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()) : null;
            List<Role> inPerson = [], byToken = [];
            foreach (var role in policy is null ? [] : Enum.GetValues<Role>())
            {
                if ((await service.AuthorizeAsync(Asker(role, VaultClaims.Session), policy!)).Succeeded)
                    inPerson.Add(role);
                if ((await service.AuthorizeAsync(Asker(role, VaultClaims.Token), policy!)).Succeeded)
                    byToken.Add(role);
            }

            Assert.True(byToken.Count == 0 || byToken.SequenceEqual(inPerson), $"{endpoint.RoutePattern.RawText} lets tokens of other roles in than sessions: the table can't say that.");
            var refused = inPerson.Where(role => !IsReleasedTo(role, endpoint)).ToList();
            rows.AddRange(Methods(endpoint).Select(method => new RoleRow(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), [.. inPerson.Except(refused)], byToken.Count > 0) { Refused = refused }));
        }

        return [.. rows.OrderBy(row => row.IsOpen).ThenBy(row => !row.Path.StartsWith("/api", StringComparison.Ordinal)).ThenBy(row => row.Path, StringComparer.Ordinal).ThenBy(row => row.Method, StringComparer.Ordinal)];
    }

    /// <summary>All that are served to members and guests but files of the pages, and the page for addresses that lead nowhere. The operator's are on a listener of their own.</summary>
    private static IEnumerable<RouteEndpoint> Endpoints(TestVault vault) =>
        vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !endpoint.RoutePattern.RawText!.Contains("{*", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<AnswersOn>()?.Listener != Listener.Management);

    /// <summary>What the release gate says to a member of this role, of a recording that nothing else stands against.</summary>
    private static bool IsReleasedTo(Role role, RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ReleasedFor>() is not { } released || ReleaseRules.Decide(new ReleaseFacts
        {
            Asker = MemberAsker.StandingOf(role, Guid.NewGuid(), DateTimeOffset.MaxValue),
            Recording = new RecordingFacts(RecordingState.Ready, HasManifest: true, EffectiveUse.Of(UsagePolicy.Default, UsageTag.NoTdm, ConsentFacts.NoneKnown, []), ConfidentialityLabel.Confidential, Guid.NewGuid(), IsInTrash: false) { Consent = ConsentVerdict.Allowed },
            Purpose = released.Purpose,
            For = Purpose.ViewInternal,
        }).IsAllowed;

    private static IReadOnlyList<Role> Roles(Match match, string cell) =>
        match.Groups["cells"].Value is "open" ? [] : [.. Enum.GetValues<Role>().Zip(Cells(match)).Where(pair => pair.Second == cell).Select(pair => pair.First)];

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];

    private static ClaimsPrincipal Asker(Role role, string kind) =>
        new(new ClaimsIdentity([new(VaultClaims.Role, role.ToString()), new(kind, Guid.NewGuid().ToString()), new(VaultClaims.Member, Guid.NewGuid().ToString())], "test"));

    private static string[] Cells(Match match) => match.Groups["cells"].Value.Split('|', StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>/[^`]*)` \| (?<cells>.+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
