using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Settings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Settings;

public sealed class ProfileTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_changes_name_and_language_and_the_log_says_so()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var member = await tenant.AddAsync(Role.Viewer, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(member, Ct);

        var changed = await browser.PostFormAsync(ChangeProfile.Path, [("name", " Wilhelmine Fröhlich "), ("language", "de")], Ct);

        Assert.Equal(ChangeProfile.Path, changed.Headers.Location!.OriginalString);
        Assert.Contains("Saved.", await (await browser.GetAsync(ChangeProfile.Path, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await using var scope = tenant.Enter();
        var directory = scope.ServiceProvider.GetRequiredService<MemberDirectory>();
        var row = await directory.GetAsync(member.Id, Ct);
        Assert.Equal("Wilhelmine Fröhlich", directory.NameOf(row));
        Assert.Equal("de", row.Language);
        Assert.Contains("member.changed", await tenant.EventTypesAsync(Ct));
        // The next page knows him by the new name, whatever was kept of the session.
        var page = await (await browser.GetAsync(ShowSecurity.Path, Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains("Wilhelmine", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "en")]
    [InlineData("Helen", "fr")]
    [InlineData("two\nlines", "en")]
    public async Task A_name_or_language_that_is_none_changes_nothing(string name, string language)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        var answer = await browser.PostFormAsync(ChangeProfile.Path, [("name", name), ("language", language)], Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("member.changed", await tenant.EventTypesAsync(Ct));
    }

    [Theory]
    [InlineData("/settings/profile")]
    [InlineData("/settings/security")]
    public async Task A_token_has_no_settings(string path)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var script = await tenant.ClientAsync(Role.Owner, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, (await script.GetAsync(new Uri(path, UriKind.Relative), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Vault.Bare.GetAsync(new Uri(path, UriKind.Relative), Ct)).StatusCode);
    }
}
