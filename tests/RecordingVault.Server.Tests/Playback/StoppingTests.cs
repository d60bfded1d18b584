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
public sealed class StoppingTests(ClockedVault vault) : IClassFixture<ClockedVault>, IAsyncLifetime
{
    // More than all the buffers between server and reader hold.
    private const int Long = 24 * 1024 * 1024;
    private const int Read = 256 * 1024;

    private TestTenant tenant = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => tenant = await TestTenant.CreateAsync(vault.Vault, Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_running_stream_is_cut_when_its_token_is_revoked_though_nobody_reads_it()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);
        await vault.PassAsync(3, Cancel);
        Assert.Equal(1, Running);

        await RevokeTokensAsync();
        Assert.Equal(1, Running);
        await vault.PassAsync(1, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.True(reader.Received < Long);
        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
        await vault.PassAsync(11, Cancel);
        var fetched = await FetchedAsync(recording);
        await vault.PassAsync(11, Cancel);
        Assert.Equal(fetched, await FetchedAsync(recording));
        Assert.InRange(fetched, reader.Received, Long - 1);
    }

    [Fact]
    public async Task A_stream_of_the_session_that_a_new_sign_in_replaces_is_cut()
    {
        var recording = await PutAsync();
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(tenant.Owner, Cancel);
        await using var reader = await SlowReader.GetAsync(vault.Vault.Address, recording.Path + "/content", $"Cookie: {SessionCookie.Name}={browser.Cookie(SessionCookie.Name)}", Cancel);
        await reader.ReadAsync(Read, Cancel);
        await vault.PassAsync(1, Cancel);

        // Another member signs in at the same browser, in a tenant of his own.
        var other = await TestTenant.CreateAsync(vault.Vault, Cancel);
        await browser.PostFormAsync("/signin", [("email", other.Owner.Email), ("password", other.Owner.Password)], Cancel, page: "/password");
        await vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.Contains("member.signed-out", await tenant.EventTypesAsync(Cancel));
    }

    [Fact]
    public async Task A_change_that_takes_nothing_away_lets_it_run()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);

        await RaiseAsync();
        await vault.PassAsync(5, Cancel);

        Assert.False(await reader.ReadUntilCutAsync(Cancel));
        Assert.Equal(Long, reader.Received);
    }

    [Fact]
    public async Task Everything_of_a_tenant_is_cut_when_four_seconds_could_not_be_checked()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);
        await vault.PassAsync(2, Cancel);

        await vault.SqlAsync("ALTER TABLE tenants RENAME TO tenants_away", Cancel);
        await vault.PassAsync(3, Cancel);
        Assert.Equal(1, Running);
        await vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        await vault.SqlAsync("ALTER TABLE tenants_away RENAME TO tenants", Cancel);
    }

    [Fact]
    public async Task A_permission_that_runs_out_by_itself_ends_the_stream_at_its_moment()
    {
        var recording = await PutAsync();
        await using var reader = await ReadAsync(recording);
        await vault.PassAsync(1, Cancel);

        // The tests' tokens live for a day.
        vault.Clock.Advance(TimeSpan.FromDays(1));
        await vault.PassAsync(1, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
    }

    [Fact]
    public async Task A_reader_who_goes_ends_the_work()
    {
        var recording = await PutAsync();
        var reader = await ReadAsync(recording);
        Assert.Equal(1, Running);

        await reader.DisposeAsync();

        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
        await vault.PassAsync(11, Cancel);
        Assert.InRange(await FetchedAsync(recording), Read, Long - 1);
    }

    [Fact]
    public async Task A_player_that_pauses_for_minutes_goes_on_and_one_that_stands_for_ten_is_given_up()
    {
        var recording = await PutAsync();
        await using var pausing = await ReadAsync(recording);

        await vault.PassMinutesAsync(9, Cancel);
        await pausing.ReadAsync(8 * 1024 * 1024, Cancel);
        Assert.Equal(1, Running);

        await vault.PassMinutesAsync(11, Cancel);
        Assert.True(await pausing.ReadUntilCutAsync(Cancel));
    }

    [Fact]
    public async Task A_release_is_joined_for_ten_minutes_and_then_another_one_is_opened()
    {
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Cancel);
        var owner = await tenant.ClientAsync(Role.Owner, Cancel);

        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        vault.Clock.Advance(TimeSpan.FromMinutes(9));
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        await vault.PassAsync(2, Cancel);
        vault.Clock.Advance(TimeSpan.FromMinutes(9));
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        await vault.PassAsync(2, Cancel);
        Assert.Equal(1, await ReleasesAsync(recording));

        vault.Clock.Advance(TimeSpan.FromMinutes(11));
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();

        Assert.Equal(2, await ReleasesAsync(recording));
    }

    [Fact]
    public async Task A_page_that_listens_hears_why_it_must_stop()
    {
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Cancel);
        var owner = await tenant.ClientAsync(Role.Owner, Cancel);
        using var answer = await owner.GetAsync(recording.Path + "/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(": heartbeat", await lines.ReadLineAsync(Cancel));

        await RevokeTokensAsync();
        await vault.PassAsync(1, Cancel);

        var rest = await lines.ReadToEndAsync(Cancel);
        Assert.Contains("event: stopped\ndata: {\"reason\":\"sign-in-needed\"", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit_events")]
    [InlineData("audit_heads")]
    [InlineData("releases")]
    public async Task Without_a_record_no_byte_leaves(string table)
    {
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 100_000, Cancel);
        var owner = await tenant.ClientAsync(Role.Owner, Cancel);
        await vault.SqlAsync($"ALTER TABLE {table} RENAME TO table_away", Cancel);

        using var answer = await owner.GetAsync(recording.Path + "/content", Cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("/problems/no-record", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.True(body.AsSpan().IndexOf(recording.Content.AsSpan(64, 16)) < 0);
        await vault.SqlAsync($"ALTER TABLE table_away RENAME TO {table}", Cancel);
        using var healed = await owner.GetAsync(recording.Path + "/content", Cancel);
        Assert.Equal(recording.Content, await healed.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(1, await ReleasesAsync(recording));
    }

    private int Running => vault.Running(tenant.Id);

    private Task<StoredRecording> PutAsync() => StoredRecording.PutAsync(vault.Vault, tenant, Long, Cancel);

    private async Task<SlowReader> ReadAsync(StoredRecording recording)
    {
        var reader = await SlowReader.GetAsync(vault.Vault.Address, recording.Path + "/content", "Authorization: Bearer " + await tenant.TokenAsync(tenant.Owner, Role.Owner, Cancel), Cancel);
        Assert.Equal((200, Long), (reader.Status, reader.ContentLength));
        await reader.ReadAsync(Read, Cancel);
        return reader;
    }

    private async Task RevokeTokensAsync()
    {
        await using var scope = vault.Vault.Services.GetRequiredService<SystemScope>().Enter(tenant.Id);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.ApiTokens.ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, vault.Clock.GetUtcNow()), Cancel);
        await scope.ServiceProvider.GetRequiredService<IPermissionCounter>().RaiseAsync(Cancel);
    }

    private async Task RaiseAsync()
    {
        await using var scope = vault.Vault.Services.GetRequiredService<SystemScope>().Enter(tenant.Id);
        await scope.ServiceProvider.GetRequiredService<IPermissionCounter>().RaiseAsync(Cancel);
    }

    private async Task<long> FetchedAsync(StoredRecording recording)
    {
        await using var scope = vault.Vault.Services.GetRequiredService<SystemScope>().Enter(tenant.Id);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Releases.Where(release => release.RecordingId == recording.Id).SumAsync(release => release.FetchedBytes, Cancel);
    }

    private async Task<int> ReleasesAsync(StoredRecording recording)
    {
        await using var scope = vault.Vault.Services.GetRequiredService<SystemScope>().Enter(tenant.Id);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Releases.CountAsync(release => release.RecordingId == recording.Id, Cancel);
    }
}
