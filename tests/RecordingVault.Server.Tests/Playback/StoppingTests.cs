using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>What runs is stopped when it is no longer allowed. The clock stands still between the steps, so what happens is told by order and not by duration.</summary>
public sealed class StoppingTests(ClockedVault vault) : PlayingTests(vault)
{
    [Fact]
    public async Task A_running_stream_is_cut_when_its_token_is_revoked_though_nobody_reads_it()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);
        await Vault.PassAsync(3, Cancel);
        Assert.Equal(1, Running);

        await RevokeTokensAsync();
        Assert.Equal(1, Running);
        await Vault.PassAsync(1, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.True(reader.Received < FilmLength);
        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
        await Vault.PassAsync(11, Cancel);
        var fetched = await FetchedAsync(recording);
        await Vault.PassAsync(11, Cancel);
        Assert.Equal(fetched, await FetchedAsync(recording));
        Assert.InRange(fetched, reader.Received, FilmLength - 1);
    }

    [Fact]
    public async Task A_stream_of_the_session_that_a_new_sign_in_replaces_is_cut()
    {
        var recording = await PutAsync();
        using var browser = new TestBrowser(Vault.Vault);
        await browser.SignInAsync(Tenant.Owner, Cancel);
        await using var reader = await SlowReader.GetAsync(Vault.Vault.Address, recording.Path + "/content", $"Cookie: {SessionCookie.Name}={browser.Cookie(SessionCookie.Name)}", Cancel);
        await reader.ReadAsync(Beginning, Cancel);
        await Vault.PassAsync(1, Cancel);

        // Another member signs in at the same browser, in a tenant of his own.
        var other = await TestTenant.CreateAsync(Vault.Vault, Cancel);
        await browser.PostFormAsync("/signin", [("email", other.Owner.Email), ("password", other.Owner.Password)], Cancel, page: "/password");
        await Vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("member.signed-out", await Tenant.EventTypesAsync(Cancel));
    }

    [Fact]
    public async Task A_change_that_takes_nothing_away_lets_it_run()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);

        await RaiseAsync();
        await Vault.PassAsync(5, Cancel);

        Assert.False(await reader.ReadUntilCutAsync(Cancel));
        Assert.Equal(FilmLength, reader.Received);
    }

    [Fact]
    public async Task Everything_of_a_tenant_is_cut_when_four_seconds_could_not_be_checked()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);
        await Vault.PassAsync(2, Cancel);

        await Vault.SqlAsync("ALTER TABLE tenants RENAME TO tenants_away", Cancel);
        await Vault.PassAsync(3, Cancel);
        Assert.Equal(1, Running);
        await Vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        await Vault.SqlAsync("ALTER TABLE tenants_away RENAME TO tenants", Cancel);
    }

    [Fact]
    public async Task A_permission_that_runs_out_by_itself_ends_the_stream_at_its_moment()
    {
        var recording = await PutAsync();
        var token = await Tenant.TokenAsync(Tenant.Owner, Role.Owner, Cancel);
        await EndTokensInAsync(TimeSpan.FromSeconds(20));
        await using var reader = await ReadAsync(recording, token);
        using var page = await ListenAsync(recording, token);

        // A second at a time: a longer jump would blind the watch, which stops everything for another reason.
        await Vault.PassAsync(19, Cancel);
        Assert.Equal(2, Running);
        await Vault.PassAsync(1, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("\"reason\":\"sign-in-needed\"", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_who_goes_ends_the_work()
    {
        var recording = await PutAsync();
        var reader = await ReadAsync(recording);
        Assert.Equal(1, Running);

        await reader.DisposeAsync();

        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
        await Vault.PassAsync(11, Cancel);
        Assert.InRange(await FetchedAsync(recording), Beginning, FilmLength - 1);
    }

    [Fact]
    public async Task A_player_that_pauses_for_minutes_goes_on_and_one_that_stands_for_ten_is_given_up()
    {
        var recording = await PutAsync();
        await using var pausing = await ReadAsync(recording);

        await Vault.PassMinutesAsync(9, Cancel);
        await pausing.ReadAsync(8 * 1024 * 1024, Cancel);
        Assert.Equal(1, Running);

        await Vault.UntilStillAsync(Tenant.Id, Cancel);
        await Vault.PassMinutesAsync(11, Cancel);
        Assert.True(await pausing.ReadUntilCutAsync(Cancel));
    }

    [Fact]
    public async Task A_page_that_listens_hears_why_it_must_stop()
    {
        var recording = await StoredRecording.PutAsync(Vault.Vault, Tenant, 1_000, Cancel);
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);
        using var answer = await owner.GetAsync(recording.Path + "/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(": heartbeat", await lines.ReadLineAsync(Cancel));

        await RevokeTokensAsync();
        await Vault.PassAsync(1, Cancel);

        var rest = await lines.ReadToEndAsync(Cancel);
        Assert.Contains("event: stopped\ndata: {\"reason\":\"sign-in-needed\"", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit_events")]
    [InlineData("audit_heads")]
    [InlineData("releases")]
    public async Task Without_a_record_no_byte_leaves(string table)
    {
        var recording = await (await StoredRecording.PutAsync(Vault.Vault, Tenant, 100_000, Cancel)).LaidOutAsync(Cancel);
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);
        await Vault.SqlAsync($"ALTER TABLE {table} RENAME TO table_away", Cancel);

        using var answer = await owner.GetAsync(recording.Path + "/content", Cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("/problems/no-record", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.True(body.AsSpan().IndexOf(recording.Leaves.AsSpan(64, 16)) < 0);
        await Vault.SqlAsync($"ALTER TABLE table_away RENAME TO {table}", Cancel);
        using var healed = await owner.GetAsync(recording.Path + "/content", Cancel);
        Assert.Equal(recording.Leaves, await healed.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(1, await ReleasesAsync(recording));
    }
}
