using System.Net;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.People;

/// <summary>What runs for somebody stops when he is removed, or goes on in another tenant. The clock stands still between the steps.</summary>
public sealed class StoppedPeopleTests(ClockedVault vault) : PlayingTests(vault)
{
    [Fact]
    public async Task A_removed_members_streams_and_event_streams_are_cut()
    {
        var recording = await PutAsync();
        var member = await Tenant.AddAsync(Role.Viewer, Cancel);
        var token = await Tenant.TokenAsync(member, Role.Viewer, Cancel);
        using var owner = new TestBrowser(Vault.Vault);
        await owner.SignInAsync(Tenant.Owner, Cancel);
        await using var reader = await ReadAsync(recording, token);
        using var page = await ListenAsync(recording, token);
        await Vault.PassAsync(1, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.SendJsonAsync(HttpMethod.Delete, $"/api/v1/members/{member.Id}", null, Cancel)).StatusCode);
        await Vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("event: stopped", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_becomes_an_auditor_stops_watching()
    {
        var recording = await PutAsync();
        var member = await Tenant.AddAsync(Role.Viewer, Cancel);
        using var owner = new TestBrowser(Vault.Vault);
        await owner.SignInAsync(Tenant.Owner, Cancel);
        await using var reader = await ReadAsync(recording, await Tenant.TokenAsync(member, Role.Viewer, Cancel));
        await Vault.PassAsync(1, Cancel);

        await owner.SendJsonAsync(HttpMethod.Patch, $"/api/v1/members/{member.Id}", new { role = "Auditor" }, Cancel);
        await Vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
    }

    [Fact]
    public async Task A_stream_of_the_tenant_that_a_session_left_is_cut()
    {
        var recording = await PutAsync();
        var member = await Tenant.AddAsync(Role.Viewer, Cancel);
        var other = await Invited.MakeAsync(Vault.Vault, Cancel, Role.Viewer, member.Email);
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(member, Cancel);
        await using var reader = await SlowReader.GetAsync(Vault.Vault.Address, recording.Path + "/content", $"Cookie: {SessionCookie.Name}={browser.Cookie(SessionCookie.Name)}", Cancel);
        await reader.ReadAsync(Beginning, Cancel);
        await Vault.PassAsync(1, Cancel);

        await other.OpenAsync(browser, Cancel);
        await Invited.AcceptAsync(browser, Cancel);
        await Vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("member.switched-away", await Tenant.EventTypesAsync(Cancel));
        Assert.Contains("member.switched-here", await other.Tenant.EventTypesAsync(Cancel));
    }
}
