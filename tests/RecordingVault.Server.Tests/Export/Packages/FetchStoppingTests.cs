using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>A package that is being fetched is cut when it may not be sent any more, also where its reader reads nothing. The clock stands still between the steps.</summary>
public sealed class FetchStoppingTests(ClockedVault vault) : PlayingTests(vault)
{
    // More than all the buffers between server and reader hold.
    private const int Samples = FilmLength / 2;

    [Fact]
    public async Task It_is_cut_when_its_export_is_ended_though_nobody_reads_it()
    {
        var id = await MakeAsync();
        await using var reader = await FetchAsync(id, await TokenAsync());
        await Vault.PassAsync(3, Cancel);
        Assert.Equal(1, Running);

        using var ended = await (await Tenant.ClientAsync(Role.Owner, Cancel)).DeleteAsync($"/api/v1/exports/{id}", Cancel);
        Assert.Equal((HttpStatusCode.NoContent, 1), (ended.StatusCode, Running));
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_when_the_token_of_its_fetcher_is_revoked()
    {
        var id = await MakeAsync();
        await using var reader = await FetchAsync(id, await TokenAsync());
        await Vault.PassAsync(1, Cancel);

        await RevokeTokensAsync();
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_at_the_moment_at_which_the_token_of_its_fetcher_runs_out()
    {
        var id = await MakeAsync();
        var token = await Tenant.TokenAsync(Tenant.Owner, Role.Owner, Cancel);
        await EndTokensInAsync(TimeSpan.FromSeconds(20));
        await using var reader = await FetchAsync(id, "Authorization: Bearer " + token);

        await Vault.PassAsync(19, Cancel);
        Assert.Equal(1, Running);
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_when_the_session_of_its_fetcher_ends()
    {
        var id = await MakeAsync();
        using var browser = new TestBrowser(Vault.Vault);
        (await browser.SignInAsync(Tenant.Owner, Cancel)).Dispose();
        await using var reader = await FetchAsync(id, $"Cookie: {SessionCookie.Name}={browser.Cookie(SessionCookie.Name)}");
        await Vault.PassAsync(1, Cancel);

        (await browser.PostFormAsync("/signout", [], Cancel, page: "/")).Dispose();
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_when_its_own_time_is_over()
    {
        var id = await MakeAsync();
        await using (var scope = Tenant.Enter())
        {
            var end = Vault.Clock.GetUtcNow() + TimeSpan.FromSeconds(5);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.Where(export => export.Id == id).ExecuteUpdateAsync(set => set.SetProperty(export => export.ExpiresAt, end), Cancel);
        }

        await using var reader = await FetchAsync(id, await TokenAsync());
        await Vault.PassAsync(4, Cancel);
        Assert.Equal(1, Running);
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_when_one_recording_of_several_may_not_leave_any_more()
    {
        var other = await PackedRecording.PutAsync(Tenant, Cancel, samples: 1_000);
        var id = await PackedRecording.MakeAsync(Tenant, Cancel, (await PackedRecording.PutAsync(Tenant, Cancel, Samples)).Id, other.Id);
        await using var reader = await FetchAsync(id, await TokenAsync());
        await Vault.PassAsync(1, Cancel);
        Assert.Equal(2, Running);

        (await (await Tenant.ClientAsync(Role.Owner, Cancel)).PutAsJsonAsync($"{other.Path}/label", new { label = "restricted" }, Cancel)).EnsureSuccessStatusCode().Dispose();
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_when_another_tag_comes_into_force_than_its_files_say()
    {
        var recording = await PackedRecording.PutAsync(Tenant, Cancel, Samples);
        await using (var scope = Tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsageTag, UsageTag.NoAiTraining).SetProperty(row => row.UsesNeedingConsent, ""), Cancel);
            await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsageTag, UsageTag.NoAiTraining), Cancel);
            await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, Cancel);
        }

        await using var reader = await FetchAsync(await PackedRecording.MakeAsync(Tenant, Cancel, recording.Id), await TokenAsync());
        (await (await Tenant.ClientAsync(Role.Owner, Cancel)).PutAsJsonAsync($"{recording.Path}/usage", new { tag = "no-tdm" }, Cancel)).EnsureSuccessStatusCode().Dispose();
        await Vault.PassAsync(1, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task It_is_cut_when_four_seconds_could_not_be_checked()
    {
        await using var reader = await FetchAsync(await MakeAsync(), await TokenAsync());
        await Vault.PassAsync(2, Cancel);

        await Vault.SqlAsync("ALTER TABLE tenants RENAME TO tenants_away", Cancel);
        await Vault.PassAsync(3, Cancel);
        Assert.Equal(1, Running);
        await Vault.PassAsync(2, Cancel);

        await AssertCutAsync(reader);
        await Vault.SqlAsync("ALTER TABLE tenants_away RENAME TO tenants", Cancel);
    }

    [Fact]
    public async Task Who_pauses_for_minutes_goes_on_and_who_stands_for_ten_is_given_up()
    {
        await using var reader = await FetchAsync(await MakeAsync(), await TokenAsync());

        await Vault.PassMinutesAsync(9, Cancel);
        await reader.ReadAsync(8 * 1024 * 1024, Cancel);
        Assert.Equal(1, Running);
        await Vault.UntilStillAsync(Tenant.Id, Cancel);
        await Vault.PassMinutesAsync(11, Cancel);

        await AssertCutAsync(reader);
    }

    [Fact]
    public async Task A_change_that_takes_nothing_away_lets_it_come_whole()
    {
        await using var reader = await FetchAsync(await MakeAsync(), await TokenAsync());

        await RaiseAsync();
        await Vault.PassAsync(5, Cancel);

        Assert.False(await reader.ReadUntilCutAsync(Cancel));
        Assert.Equal(reader.ContentLength, reader.Received);
        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
    }

    [Fact]
    public async Task Two_who_fetch_the_same_package_stop_each_for_himself()
    {
        var id = await MakeAsync();
        var admin = await Tenant.AddAsync(Role.Admin, Cancel);
        using var browser = new TestBrowser(Vault.Vault);
        (await browser.SignInAsync(admin, Cancel)).Dispose();
        await using var first = await FetchAsync(id, $"Cookie: {SessionCookie.Name}={browser.Cookie(SessionCookie.Name)}");
        await using var second = await FetchAsync(id, await TokenAsync());
        await Vault.PassAsync(1, Cancel);

        await RevokeTokensAsync();
        await Vault.PassAsync(2, Cancel);

        Assert.True(await second.ReadUntilCutAsync(Cancel));
        Assert.False(await first.ReadUntilCutAsync(Cancel));
    }

    private async Task<Guid> MakeAsync() => await PackedRecording.MakeAsync(Tenant, Cancel, (await PackedRecording.PutAsync(Tenant, Cancel, Samples)).Id);

    private async Task<string> TokenAsync() => "Authorization: Bearer " + await Tenant.TokenAsync(Tenant.Owner, Role.Owner, Cancel);

    private async Task<SlowReader> FetchAsync(Guid id, string header)
    {
        var reader = await SlowReader.GetAsync(Vault.Vault.Address, $"/api/v1/exports/{id}/download", header, Cancel);
        Assert.Equal(200, reader.Status);
        Assert.InRange(reader.ContentLength, FilmLength, FilmLength * 2L);
        await reader.ReadAsync(Beginning, Cancel);
        return reader;
    }

    private async Task AssertCutAsync(SlowReader reader)
    {
        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.True(reader.Received < reader.ContentLength);
        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
    }
}
