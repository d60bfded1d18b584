using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Tokens;

/// <summary>The page on which a member makes and revokes tokens.</summary>
public sealed partial class TokensPageTests(SharedVault shared)
{
    private const string Page = "/settings/tokens";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestVault Vault => shared.Vault;

    [Fact]
    public async Task A_token_is_made_on_the_page_shown_once_and_works_until_it_is_revoked_there()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var made = await browser.PostFormAsync(Page, [("name", "night upload"), ("days", "3"), ("role", "Contributor"), ("purpose-view", "yes")], Ct);
        var text = Text().Match(await made.Content.ReadAsStringAsync(Ct)).Value;
        var list = await (await browser.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains("night upload", list, StringComparison.Ordinal);
        Assert.Contains("May play recordings.", list, StringComparison.Ordinal);
        Assert.DoesNotContain(text, list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(text));
        var id = TokenText.Parse(text)!.Id;
        Assert.Equal(Page, (await browser.PostFormAsync($"{Page}/{id}/revoke", [], Ct, page: Page)).Headers.Location?.OriginalString);
        Assert.Contains("The token is over, and those that it made.", await (await browser.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(text));
        Assert.True(await tenant.HasEventAsync("token.created", id, Ct));
        Assert.True(await tenant.HasEventAsync("token.revoked", id, Ct));
    }

    [Theory]
    [InlineData("", "3", "Viewer", "Say in 1 to 100 characters")]
    [InlineData("x", "366", "Viewer", "A token lasts 1 to 365 days.")]
    [InlineData("x", "many", "Viewer", "A token lasts 1 to 365 days.")]
    [InlineData("x", "3", "Owner", "Choose a role that you have yourself.")]
    [InlineData("x", "3", "0", "Choose a role that you have yourself.")]
    public async Task What_is_wrong_is_said_and_no_token_is_made(string name, string days, string role, string sentence)
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(await tenant.AddAsync(Role.Contributor, Ct), Ct);

        var answer = await browser.PostFormAsync(Page, [("name", name), ("days", days), ("role", role)], Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        // The one that asks for the log is the owner's.
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "token.created");
    }

    [Fact]
    public async Task Owners_see_the_tokens_of_all_and_whose_they_are_and_others_their_own()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        var other = await tenant.AddAsync(Role.Viewer, Ct);
        var id = TokenText.Parse(await tenant.TokenAsync(member, Role.Viewer, Ct))!.Id;
        using var owner = new TestBrowser(Vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        using var colleague = new TestBrowser(Vault);
        await colleague.SignInAsync(other, Ct);

        Assert.Contains(member.Name, await (await owner.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain(id.ToString(), await (await colleague.GetAsync(Page, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await colleague.PostFormAsync($"{Page}/{id}/revoke", [], Ct, page: Page)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostFormAsync($"{Page}/{id}/revoke", [], Ct, page: Page)).StatusCode);
    }

    [Fact]
    public async Task Another_tenants_token_is_not_there()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var stranger = await TestTenant.CreateAsync(Vault, Ct);
        var text = await tenant.TokenAsync(tenant.Owner, Role.Owner, Ct);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(stranger.Owner, Ct);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostFormAsync($"{Page}/{TokenText.Parse(text)!.Id}/revoke", [], Ct, page: Page)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(text));
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tenant");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await Vault.Bare.SendAsync(request, Ct)).StatusCode;
    }

    [GeneratedRegex("rvt_[A-Za-z0-9_-]{66}")]
    private static partial Regex Text();
}
