using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Tenants;

/// <summary>An owner who asks by a token, and by his session where no token is let in.</summary>
internal sealed class Asker : IDisposable
{
    private readonly HttpClient script;
    private readonly TestBrowser browser;
    private readonly Guid tenantId;

    private Asker(HttpClient script, TestBrowser browser, Guid tenantId) => (this.script, this.browser, this.tenantId) = (script, browser, tenantId);

    public static async Task<Asker> OfAsync(TestTenant tenant, CancellationToken cancellationToken)
    {
        var owner = new TestBrowser(tenant.Vault);
        await owner.SignInAsync(tenant.Owner, cancellationToken);
        return new Asker(await tenant.ClientAsync(Role.Owner, cancellationToken), owner, tenant.Id);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool inPerson, CancellationToken cancellationToken)
    {
        if (!inPerson)
            return await script.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        request.Headers.Add("RequestVerificationToken", await browser.TokenAsync("/password", cancellationToken));
        request.Headers.Remove("Vault-Tenant");
        request.Headers.Add("Vault-Tenant", tenantId.ToString());
        return await browser.SendAsync(request, cancellationToken);
    }

    public void Dispose() => browser.Dispose();
}
