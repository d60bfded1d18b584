using System.Net;
using System.Net.Http.Headers;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Roles;

internal enum CallerKind
{
    Cookie,
    Token,

    /// <summary>Holds the cookie of a share link that he opened, and no account.</summary>
    ShareCookie,

    /// <summary>Holds the cookie of a question that he was asked by link, and no account.</summary>
    ConsentCookie,
    None,
}

/// <summary>Somebody who calls endpoints: by the session of a member, by a token, with the cookie of a share link or of a question, or as nobody.</summary>
internal sealed class RoleCaller : IDisposable
{
    private readonly TestVault vault;
    private TestBrowser browser;

    private RoleCaller(TestVault vault, CallerKind kind, TestTenant? tenant, Role? role) => (this.vault, Kind, Tenant, Role, browser) = (vault, kind, tenant, role, new TestBrowser(vault));

    public CallerKind Kind { get; }

    public TestTenant? Tenant { get; }

    public Role? Role { get; }

    public TestMember? Member { get; private set; }

    private string? Token { get; set; }

    public override string ToString() => $"{Role?.ToString() ?? "nobody"} by {Kind}";

    public static async Task<RoleCaller> MemberAsync(TestTenant tenant, Role role, CallerKind kind, CancellationToken cancellationToken)
    {
        var caller = new RoleCaller(tenant.Vault, kind, tenant, role);
        await caller.RenewAsync(cancellationToken);
        return caller;
    }

    public static RoleCaller Nobody(TestVault vault) => new(vault, CallerKind.None, null, null);

    public static RoleCaller WithShareCookie(TestVault vault, string cookie) => WithCookie(vault, CallerKind.ShareCookie, "__Secure-rvs", cookie);

    public static RoleCaller WithConsentCookie(TestVault vault, string cookie) => WithCookie(vault, CallerKind.ConsentCookie, "__Secure-rvc", cookie);

    private static RoleCaller WithCookie(TestVault vault, CallerKind kind, string name, string cookie)
    {
        var caller = new RoleCaller(vault, kind, null, null);
        caller.browser.SetCookie(name, cookie);
        return caller;
    }

    /// <summary>Sends it as this caller's own page or script would.</summary>
    /// <param name="pageTenant">The tenant that the page was made for; the caller's own when absent.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken, Guid? pageTenant = null)
    {
        request.Headers.TryAddWithoutValidation("Accept", request.RequestUri!.OriginalString.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "text/html");
        if (Kind is CallerKind.Token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return await vault.Bare.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }

        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
        {
            request.Headers.Add("RequestVerificationToken", await browser.TokenAsync(Kind is CallerKind.Cookie ? "/password" : "/signin", cancellationToken));
            if ((pageTenant ?? Tenant?.Id) is { } tenantId)
                request.Headers.Add("Vault-Tenant", tenantId.ToString());
        }

        return await browser.SendAsync(request, cancellationToken, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>What he called may have ended his session, his token or his membership: then he gets new ones.</summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        if (Role is null)
            return;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tenant");
        using var answer = await SendAsync(request, cancellationToken);
        if (answer.StatusCode is not HttpStatusCode.OK)
            await RenewAsync(cancellationToken);
    }

    public void Dispose() => browser.Dispose();

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        Member = await Tenant!.AddAsync(Role!.Value, cancellationToken);
        if (Kind is CallerKind.Token)
        {
            Token = await Tenant.TokenAsync(Member, Role.Value, cancellationToken);
            return;
        }

        browser.Dispose();
        browser = new TestBrowser(vault);
        await browser.SignInAsync(Member, cancellationToken);
    }
}
