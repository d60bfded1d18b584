using System.Net;
using System.Text.RegularExpressions;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>What a person sees when something of ours breaks: a page with a reference, and nothing of the fault.</summary>
public sealed partial class FaultPageTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_gets_the_error_page_with_its_reference_and_a_script_a_problem()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        await vault.SqlAsync("ALTER TABLE participants RENAME TO participants_away", Ct);

        using var page = await browser.GetAsync("/", Ct);
        using var problem = await browser.GetAsync("/api/v1/recordings", Ct);
        await vault.SqlAsync("ALTER TABLE participants_away RENAME TO participants", Ct);
        using var after = await browser.GetAsync("/", Ct);

        var words = await page.Content.ReadAsStringAsync(Ct);
        Assert.Equal((HttpStatusCode.InternalServerError, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Matches(Reference(), words);
        Assert.DoesNotContain("participants", words, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("/problems/fault", await problem.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [GeneratedRegex("Reference <code[^>]*>[0-9A-Z]+:[0-9A-Z]+</code>")]
    private static partial Regex Reference();
}
