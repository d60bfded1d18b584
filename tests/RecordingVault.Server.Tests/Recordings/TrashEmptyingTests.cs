using System.Net;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>The trash emptied by hand: for good, by an Owner or Admin who has just shown who he is.</summary>
public sealed class TrashEmptyingTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Owner")]
    [InlineData("Admin")]
    public async Task What_the_page_showed_is_destroyed_and_what_came_since_stays(string by)
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (shown, later) = (await TrashedAsync(tenant), await TrashedAsync(tenant));
        using var browser = await SignInAsync(tenant, Enum.Parse<Role>(by));
        var page = await ReadAsync(browser, EmptyTrash.Path + $"?recording={shown.Id}");

        using var done = await browser.PostFormAsync(EmptyTrash.Path, [("recording", $"{shown.Id}")], Ct, "/");
        var view = new VaultView(vault.Vault, tenant.Id);
        for (var looks = 0; await view.RecordingAsync(shown.Id) is not null && looks < 1_000; looks++)
            await Task.Delay(20, Ct);

        Assert.Contains("Destroy this recording for good?", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"{later.Id}", page, StringComparison.Ordinal);
        Assert.Equal("/trash", done.Headers.Location?.OriginalString);
        Assert.Empty(await view.ObjectsAsync(shown.Id));
        Assert.False(await view.RowsAsync(db => db.KeyWraps.AnyAsync(wrap => wrap.OwnerId == shown.Id, Ct)));
        Assert.NotNull(await view.RecordingAsync(later.Id));
        var begun = Assert.Single(await tenant.EventsAsync(Ct), told => told.GetProperty("type").GetString() == "recording.destruction-begun");
        Assert.Equal("member", begun.GetProperty("actor").GetProperty("kind").GetString());
        Assert.True(await tenant.HasEventAsync("recording.destroyed", shown.Id, Ct));
    }

    [Fact]
    public async Task The_api_destroys_what_is_in_the_trash_and_nothing_else()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (trashed, kept) = (await TrashedAsync(tenant), await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct));
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var refused = await browser.SendJsonAsync(HttpMethod.Post, kept.Path + "/destruction", new { }, Ct);
        using var done = await browser.SendJsonAsync(HttpMethod.Post, trashed.Path + "/destruction", new { }, Ct);
        using var back = await browser.SendJsonAsync(HttpMethod.Post, trashed.Path + "/restore", new { }, Ct);

        Assert.Equal(("not-in-trash", HttpStatusCode.Accepted, HttpStatusCode.NotFound), (await SharedLink.SlugAsync(refused, Ct), done.StatusCode, back.StatusCode));
        Assert.NotNull(await new VaultView(vault.Vault, tenant.Id).RecordingAsync(kept.Id));
    }

    [Fact]
    public async Task An_old_sign_in_is_shown_again_first()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var trashed = await TrashedAsync(tenant);
        using var browser = await SignInAsync(tenant, Role.Owner);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var page = await browser.GetAsync(EmptyTrash.Path + $"?recording={trashed.Id}", Ct);
        using var form = await browser.PostFormAsync(EmptyTrash.Path, [("recording", $"{trashed.Id}")], Ct, "/");
        using var byScript = await browser.SendJsonAsync(HttpMethod.Post, trashed.Path + "/destruction", new { }, Ct);

        Assert.Equal(FreshSignIn.PageBefore(EmptyTrash.Path + $"?recording={trashed.Id}"), page.Headers.Location?.OriginalString);
        Assert.Equal(FreshSignIn.PageBefore(EmptyTrash.Path), form.Headers.Location?.OriginalString);
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(byScript, Ct));
        Assert.False((await new VaultView(vault.Vault, tenant.Id).RecordingAsync(trashed.Id))!.IsBeingDestroyed);
    }

    [Fact]
    public async Task Neither_a_contributor_nor_a_script_destroys_and_another_tenant_finds_nothing()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var trashed = await TrashedAsync(tenant);
        using var contributor = await SignInAsync(tenant, Role.Contributor);
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(vault.Vault, Ct), Role.Owner);

        using var page = await contributor.GetAsync(EmptyTrash.Path, Ct);
        using var form = await contributor.PostFormAsync(EmptyTrash.Path, [("recording", $"{trashed.Id}")], Ct, "/");
        using var script = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsync(trashed.Path + "/destruction", null, Ct);
        using var theirs = await stranger.SendJsonAsync(HttpMethod.Post, trashed.Path + "/destruction", new { }, Ct);
        using var theirPage = await stranger.GetAsync(EmptyTrash.Path + $"?recording={trashed.Id}", Ct);
        using var theirForm = await stranger.PostFormAsync(EmptyTrash.Path, [("recording", $"{trashed.Id}")], Ct, "/");

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [page.StatusCode, form.StatusCode, script.StatusCode]);
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [theirs.StatusCode, theirPage.StatusCode]);
        Assert.False((await new VaultView(vault.Vault, tenant.Id).RecordingAsync(trashed.Id))!.IsBeingDestroyed);
        Assert.DoesNotContain("Empty the trash", await ReadAsync(contributor, "/trash"), StringComparison.Ordinal);
    }

    private async Task<StoredRecording> TrashedAsync(TestTenant tenant)
    {
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(recording.Path, Ct)).EnsureSuccessStatusCode();
        return recording;
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
    }
}
