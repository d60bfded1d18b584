using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.SigningIn;

/// <summary>Sessions as browsers keep them: ended from elsewhere, used by pages of other sites, and moved to another organisation.</summary>
[Trait("Needs", "Browser")]
public sealed class SessionPagesTests(MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private const string SecondHouse = "Quillfeather Choir";

    private const string JoinSecondHouse =
        "INSERT INTO memberships (tenant_id, id, member_id, role, created_at) SELECT (SELECT tenant_id FROM tenants WHERE tenant_id NOT IN (SELECT tenant_id FROM memberships)), '01A00000-0000-7000-8000-000000000001', member_id, role, created_at FROM memberships LIMIT 1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_is_ended_from_another_browser_leads_to_the_door()
    {
        await using var lost = await vault.SignInAsync(Screen.Phone);
        var recording = await Story.UploadAsync(lost.Page, await meetings.ShortAsync(Ct));
        await lost.Page.GotoAsync($"/recordings/{recording}");
        await Story.PlayAsync(lost.Page, untilSeconds: 1);
        await using var here = await vault.SignInAsync();
        var page = here.Page;

        await page.GotoAsync("/settings/security");
        await here.PictureAsync("sessions-two");
        var sessions = page.Locator("#sessions li");
        var before = await sessions.CountAsync();
        // The last seen stands first, after this one.
        await sessions.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(sessions).ToHaveCountAsync(before - 1);

        await lost.Page.GotoAsync("/settings/security");
        Assert.Contains("/signin?returnTo=", lost.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/audit")]
    [InlineData("/settings/members")]
    public async Task A_page_that_stands_open_leads_to_the_door_when_somebody_comes_back_to_it_after_its_session_was_ended(string path)
    {
        await using var left = await vault.SignInAsync();
        await left.Page.GotoAsync(path);
        await using var here = await vault.SignInAsync();
        await here.Page.GotoAsync("/settings/security");
        await Button(here.Page, "End all others").ClickAsync();
        await Assertions.Expect(here.Page.Locator("#sessions li")).ToHaveCountAsync(1);

        // The page asks no more than every half minute: this one has stood a minute.
        await left.Page.EvaluateAsync("() => { const now = Date.now; Date.now = () => now() + 60_000; }");
        await left.Page.Keyboard.PressAsync("Shift");

        await left.Page.ArriveAsync($"**/signin?returnTo={Uri.EscapeDataString(path)}");
        await Assertions.Expect(left.Page.Locator("main")).Not.ToContainTextAsync(Story.Owner);
    }

    [Theory]
    [InlineData("http://evil.example/")]
    [InlineData("http://localhost:64999/")] // another port is the same site: cookies come along, and it is refused all the same
    public async Task A_form_on_a_page_of_another_origin_changes_nothing(string origin)
    {
        await using var helen = await vault.SignInAsync();
        await using var other = await vault.SignInAsync();
        var page = helen.Page;
        await page.GotoAsync("/settings/security");
        var token = await page.Locator("meta[name=vault-antiforgery]").GetAttributeAsync("content");
        var tenant = await page.Locator("meta[name=vault-tenant]").GetAttributeAsync("content");
        var target = new Uri(vault.Server.Address, "/settings/security/sessions/end-others");
        await page.RouteAsync(origin, route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            // It even knows what the vault's own page says.
            Body = $"<form method=post action='{target}'><input name=__RequestVerificationToken value='{token}'><input name=vault-tenant value='{tenant}'><button>A kitten</button></form>",
        }));

        await page.GotoAsync(origin);
        var answer = await page.RunAndWaitForResponseAsync(() => page.ClickAsync("button"), response => response.Url == target.ToString());

        Assert.Equal(403, answer.Status);
        await other.Page.GotoAsync("/settings/security");
        Assert.EndsWith("/settings/security", other.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forgotten_tab_of_another_organisation_writes_nothing()
    {
        await vault.Server.RunAsync(["tenant", "create", SecondHouse], Ct);
        // By hand, since verbs tie no account to one more tenant and an invitation would be a test of its own.
        using (var join = System.Diagnostics.Process.Start("sqlite3", [Path.Combine(vault.Server.DataFolder, "vault.db"), ".timeout 20000", JoinSecondHouse]))
            await join.WaitForExitAsync(Ct);
        await using var helen = await vault.SignInAsync();
        var forgotten = helen.Page;
        await forgotten.GotoAsync("/settings/profile");
        await forgotten.FillAsync("#name", "Somebody Else");
        var second = await forgotten.Context.NewPageAsync();

        await second.GotoAsync("/");
        await second.Locator(".account > summary").ClickAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = $"Change to {SecondHouse}" }).ClickAsync();
        await Assertions.Expect(second.Locator(".brand")).ToContainTextAsync(SecondHouse);
        var answer = await forgotten.RunAndWaitForResponseAsync(
            () => forgotten.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync(), response => response.Request.Method == "POST");

        Assert.Equal(409, answer.Status);
        await helen.ShouldBeAccessibleAsync();
        await helen.PictureAsync("tenant-mismatch");
        await forgotten.GotoAsync("/settings/profile");
        await Assertions.Expect(forgotten.Locator("#name")).ToHaveValueAsync(Story.Owner);
        await second.GotoAsync("/");
        await second.Locator(".account > summary").ClickAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = $"Change to {Story.House}" }).ClickAsync();
        await Assertions.Expect(second.Locator(".brand")).ToContainTextAsync(Story.House);
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
