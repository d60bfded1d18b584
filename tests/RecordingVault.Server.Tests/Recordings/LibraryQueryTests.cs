using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>A page costs as many queries as another, however many tiles stand on it (P12), also when no key is open yet.</summary>
public sealed class LibraryQueryTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twice_as_many_tiles_are_as_many_queries()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        await AddWatchedAsync(tenant, 3);
        await CountAsync(browser, tenant); // what is read once a session is read now

        var few = await CountAsync(browser, tenant);
        await AddWatchedAsync(tenant, 3);
        var many = await CountAsync(browser, tenant);

        Assert.Equal(few, many);
    }

    private async Task<int> CountAsync(TestBrowser browser, TestTenant tenant)
    {
        shared.Vault.Services.GetRequiredService<VaultKeyring>().DropIdle(0);
        using var commands = new CommandCount(tenant.Id);
        using var page = await browser.GetAsync("/", Ct);
        page.EnsureSuccessStatusCode();
        Assert.Contains("Anna", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        return commands.Seen;
    }

    private async Task AddWatchedAsync(TestTenant tenant, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
            var link = await SharedLink.MakeAsync(recording, Ct, new { recipientName = "Anna" });
            var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Ct);
            (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
            (await visitor.PostAsync(link.PublicPath + "/played", new { duration = 100 }, Ct)).EnsureSuccessStatusCode();
        }
    }
}
