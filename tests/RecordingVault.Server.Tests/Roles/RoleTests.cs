using System.Net;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Asking;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Roles;

/// <summary>
/// Walks every endpoint of docs/roles.md as each role, of its own tenant and of another, by session, by token, with the cookies of a share link
/// and of somebody who is asked for consent, and as nobody, and holds each answer against the table.
/// </summary>
public sealed class RoleTests(SharedVault shared)
{
    private readonly TestVault vault = shared.Vault;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Cookie")]
    [InlineData("Token")]
    public async Task Each_role_is_let_through_where_the_table_says_so_and_nowhere_else(string by)
    {
        var kind = Enum.Parse<CallerKind>(by);
        var things = new RoleThings(await TestTenant.CreateAsync(vault, Ct));
        var wrong = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            using var caller = await RoleCaller.MemberAsync(things.Tenant, role, kind, Ct);
            foreach (var row in RoleTable.Written())
            {
                var isLetIn = row.IsOpen || (row.Roles.Contains(role) && (kind is CallerKind.Cookie || row.ByToken));
                var status = await AskAsync(row, caller, things, isLetIn);
                if (row.IsOpen ? (int)status >= 500 : !isLetIn ? !IsShutOut(row, role, status) : IsRefusal(status))
                    wrong.Add($"{row.Method} {row.Path}: {caller} got {(int)status}, and the table says {(isLetIn ? "yes" : "no")}");
                if (isLetIn && row.Method is not ("GET" or "HEAD"))
                    await caller.ReviveAsync(Ct);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("Cookie")]
    [InlineData("Token")]
    public async Task Another_tenants_things_are_not_there_whatever_the_role(string by)
    {
        var kind = Enum.Parse<CallerKind>(by);
        var things = new RoleThings(await TestTenant.CreateAsync(vault, Ct));
        var theirs = await TestTenant.CreateAsync(vault, Ct);
        var wrong = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            using var caller = await RoleCaller.MemberAsync(theirs, role, kind, Ct);
            foreach (var row in RoleTable.Written().Where(row => row is { HasId: true, IsOpen: false }))
            {
                var expected = row.Roles.Concat(row.Refused).Contains(role) && (kind is CallerKind.Cookie || row.ByToken) ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
                var status = await AskAsync(row, caller, things, makesAnew: false);
                if (status != expected)
                    wrong.Add($"{row.Method} {row.Path}: {caller} of another tenant got {(int)status} instead of {(int)expected}");
            }
        }

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("ShareCookie")]
    [InlineData("ConsentCookie")]
    [InlineData("None")]
    public async Task Without_a_sign_in_nothing_but_what_is_open_answers(string by)
    {
        var link = await SharedLink.MakeAsync(vault, Ct);
        var visitor = await Visitor.AtAsync(vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
        var things = new RoleThings(link.Recording.Tenant);
        using var asked = await (await Asked.MakeAsync(vault, Ct)).OpenedAsync(Ct);
        using var caller = by switch
        {
            "ShareCookie" => RoleCaller.WithShareCookie(vault, visitor.ShareCookie!),
            "ConsentCookie" => RoleCaller.WithConsentCookie(vault, asked.Cookie("__Secure-rvc")!),
            _ => RoleCaller.Nobody(vault),
        };
        var wrong = new List<string>();
        foreach (var row in RoleTable.Written())
        {
            var status = await AskAsync(row, caller, things, makesAnew: false);
            if (row.IsOpen ? (int)status >= 500 : status != HttpStatusCode.Unauthorized)
                wrong.Add($"{row.Method} {row.Path}: {caller} got {(int)status}");
        }

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_page_of_another_tenant_changes_nothing_by_the_session_of_this_one()
    {
        var things = new RoleThings(await TestTenant.CreateAsync(vault, Ct));
        using var caller = await RoleCaller.MemberAsync(things.Tenant, Role.Owner, CallerKind.Cookie, Ct);
        var wrong = new List<string>();
        foreach (var row in RoleTable.Written().Where(row => !row.IsOpen && row.Method is not ("GET" or "HEAD")))
        {
            var status = await AskAsync(row, caller, things, makesAnew: false, pageTenant: Guid.NewGuid());
            if (status != HttpStatusCode.Conflict)
                wrong.Add($"{row.Method} {row.Path} got {(int)status}");
        }

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void The_table_has_rows_to_walk() => Assert.InRange(RoleTable.Written().Count(row => !row.IsOpen), 50, 1_000);

    /// <summary>Home leads a session that may only read the log on to it.</summary>
    private static bool IsShutOut(RoleRow row, Role role, HttpStatusCode status) =>
        status == HttpStatusCode.Forbidden || (row is { Method: "GET", Path: "/" } && role is Role.Auditor && status == HttpStatusCode.Redirect);

    private async Task<HttpStatusCode> AskAsync(RoleRow row, RoleCaller caller, RoleThings things, bool makesAnew, Guid? pageTenant = null)
    {
        Guid? id = RoleThings.KindOf(row) is { } kind ? await things.TakeAsync(kind, makesAnew ? caller : null, isSafe: !makesAnew || row.Method is "GET" or "HEAD", Ct) : null;
        using var request = RoleThings.Request(row, id, things.Tenant.Id);
        using var answer = await caller.SendAsync(request, Ct, pageTenant);
        // A page that is closed leads to the door.
        return answer.StatusCode is HttpStatusCode.Found && answer.Headers.Location!.OriginalString.StartsWith("/signin?returnTo=", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : answer.StatusCode;
    }

    private static bool IsRefusal(HttpStatusCode status) => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound || (int)status >= 500;
}
