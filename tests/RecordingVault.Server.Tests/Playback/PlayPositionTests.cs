using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A member goes on where he stopped.</summary>
public sealed class PlayPositionTests(SharedVault shared)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task His_page_begins_where_he_stopped_and_nobody_elses_does()
    {
        var recording = await PutAsync();
        var viewer = await recording.Tenant.AddAsync(Role.Viewer, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(recording, viewer, new { seconds = 61.5 }));
        Assert.Equal(HttpStatusCode.NoContent, await TellAsync(recording, viewer, new { seconds = 73 }));

        Assert.Equal("73", await BeginningAsync(recording, viewer));
        Assert.Equal("0", await BeginningAsync(recording, recording.Tenant.Owner));
        Assert.DoesNotContain(await recording.Tenant.EventTypesAsync(Cancel), type => type.Contains("position", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_saw_the_end_begins_anew_and_zero_forgets_the_place()
    {
        var recording = await PutAsync();
        await TellAsync(recording, recording.Tenant.Owner, new { seconds = 95 });
        Assert.Equal("0", await BeginningAsync(recording, recording.Tenant.Owner));

        await TellAsync(recording, recording.Tenant.Owner, new { seconds = 0 });

        Assert.Equal(0, await CountAsync(recording));
    }

    [Fact]
    public async Task A_place_that_is_none_is_refused_by_its_name_and_another_tenants_recording_is_not_found()
    {
        var recording = await PutAsync();
        var stranger = await TestTenant.CreateAsync(shared.Vault, Cancel);
        var client = await recording.Tenant.ClientAsync(Role.Owner, Cancel);

        foreach (var body in new object[] { new { seconds = -1 }, new { }, new { seconds = 1e9 } })
        {
            using var wrong = await client.PutAsJsonAsync(recording.Path + "/position", body, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
            Assert.Contains("seconds", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        using var other = await (await stranger.ClientAsync(Role.Owner, Cancel)).PutAsJsonAsync(recording.Path + "/position", new { seconds = 1 }, Cancel);
        using var auditor = await (await recording.Tenant.ClientAsync(Role.Auditor, Cancel)).PutAsJsonAsync(recording.Path + "/position", new { seconds = 1 }, Cancel);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (other.StatusCode, auditor.StatusCode));
        Assert.Equal(0, await CountAsync(recording));
    }

    [Fact]
    public async Task It_goes_with_the_recording()
    {
        var recording = await PutAsync();
        await TellAsync(recording, recording.Tenant.Owner, new { seconds = 30 });
        await using var scope = recording.Tenant.Enter();

        foreach (var rows in scope.ServiceProvider.GetRequiredService<IEnumerable<IRecordingRows>>())
            await rows.DeleteAsync(recording.Id, Cancel);

        Assert.Equal(0, await CountAsync(recording));
    }

    private async Task<StoredRecording> PutAsync()
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), 200_000, Cancel);
        await using var scope = recording.Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DurationSeconds, 100), Cancel);
        return recording;
    }

    private static async Task<HttpStatusCode> TellAsync(StoredRecording recording, TestMember member, object body)
    {
        using var client = recording.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await recording.Tenant.TokenAsync(member, member.Role, Cancel));
        using var answer = await client.PutAsJsonAsync(recording.Path + "/position", body, Cancel);
        return answer.StatusCode;
    }

    private static async Task<string?> BeginningAsync(StoredRecording recording, TestMember member)
    {
        using var browser = new TestBrowser(recording.Vault);
        await browser.SignInAsync(member, Cancel);
        var page = new HtmlParser().ParseDocument(await (await browser.GetAsync($"/recordings/{recording.Id}", Cancel)).Content.ReadAsStringAsync(Cancel));
        return page.QuerySelector(".seek")!.GetAttribute("value");
    }

    private static async Task<int> CountAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PlayPositions.CountAsync(Cancel);
    }
}
