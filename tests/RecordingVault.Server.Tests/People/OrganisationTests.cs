using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.People;

public sealed class OrganisationTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_owner_renames_the_tenant_and_reads_it_back_as_before()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var renamed = await (await owner.PatchAsJsonAsync("/api/v1/tenant", new { name = " Marsh & Partners " }, Ct)).Content.ReadFromJsonAsync<JsonElement>(Ct);
        var read = await owner.GetFromJsonAsync<JsonElement>("/api/v1/tenant", Ct);

        Assert.Equal("Marsh & Partners", read.GetProperty("name").GetString());
        Assert.Equal(read.ToString(), renamed.ToString());
        Assert.True(await tenant.HasEventAsync("tenant.changed", tenant.Id, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);

        var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PatchAsJsonAsync("/api/v1/tenant", new { name }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_admin_does_not_rename_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await (await tenant.ClientAsync(Role.Admin, Ct)).PatchAsJsonAsync("/api/v1/tenant", new { name = "Mine" }, Ct)).StatusCode);
    }

    [Fact]
    public async Task The_page_says_what_it_holds_and_renames_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await StoredRecording.PutAsync(shared.Vault, tenant, 200_000, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var page = await (await browser.GetAsync("/settings/organisation", Ct)).Content.ReadAsStringAsync(Ct);
        var renamed = await browser.PostFormAsync("/settings/organisation", [("name", "Another name")], Ct);
        var wrong = await browser.PostFormAsync("/settings/organisation", [("name", "")], Ct);

        Assert.Contains("1 recording, 200 kB", page, StringComparison.Ordinal);
        Assert.Contains(tenant.Id.ToString(), page, StringComparison.Ordinal);
        Assert.Equal("/settings/organisation?saved=true", renamed.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("Another name", await (await browser.GetAsync("/settings/organisation", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_its_page_and_can_leave_but_not_rename()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(await tenant.AddAsync(Role.Viewer, Ct), Ct);

        var page = await (await browser.GetAsync("/settings/organisation", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("/settings/organisation/leave", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"name\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostFormAsync("/settings/organisation", [("name", "Mine")], Ct)).StatusCode);
    }
}
