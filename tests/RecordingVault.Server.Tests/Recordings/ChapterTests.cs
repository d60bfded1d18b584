using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>Titles of chapters are content: those of a restricted recording reach as far as its film.</summary>
public sealed class ChapterTests(SharedVault shared)
{
    private const string Title = "What the spring taught us";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConfidentialityLabel.Confidential, Role.Viewer, true)]
    [InlineData(ConfidentialityLabel.Restricted, Role.Viewer, false)]
    [InlineData(ConfidentialityLabel.Restricted, Role.Contributor, false)]
    [InlineData(ConfidentialityLabel.Restricted, Role.Owner, true)]
    internal async Task Chapters_are_told_to_who_may_watch(ConfidentialityLabel label, Role role, bool told)
    {
        var recording = await PutAsync(label);
        var client = await recording.Tenant.ClientAsync(role, Ct);
        using var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(await recording.Tenant.AddAsync(role, Ct), Ct)).Dispose();

        var answer = await client.GetStringAsync(recording.Path, Ct);
        var page = await (await browser.GetAsync($"/recordings/{recording.Id}", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal((told, told), (answer.Contains(Title, StringComparison.Ordinal), page.Contains(Title, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_brought_a_restricted_recording_sees_its_chapters_and_no_list_tells_them()
    {
        var recording = await PutAsync(ConfidentialityLabel.Restricted);
        var maker = await recording.Tenant.AddAsync(Role.Contributor, Ct);
        await new VaultView(shared.Vault, recording.Tenant.Id).RowsAsync(db => db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(one => one.CreatedBy, maker.Id), Ct));
        using var client = shared.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await recording.Tenant.TokenAsync(maker, Role.Contributor, Ct));

        using var changed = await client.PatchAsJsonAsync(recording.Path, new { title = "Renamed" }, Ct);

        Assert.Contains(Title, await client.GetStringAsync(recording.Path, Ct), StringComparison.Ordinal);
        Assert.Contains(Title, await changed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain(Title, await client.GetStringAsync("/api/v1/recordings", Ct), StringComparison.Ordinal);
    }

    private async Task<StoredRecording> PutAsync(ConfidentialityLabel label)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var row = await db.AssetProcessings.SingleOrDefaultAsync(row => row.Id == recording.Asset.Id, Ct);
        if (row is null)
            db.AssetProcessings.Add(row = new AssetProcessing { TenantId = tenant.Id, Id = recording.Asset.Id, RecordingId = recording.Id, State = ProcessingState.Done });
        row.Chapters = SealedText.Seal(key, tenant.Id, row.Id, AssetProcessing.ChaptersColumn, JsonSerializer.Serialize<RecordingChapter[]>([new(0, 60, Title)], JsonSerializerOptions.Web));
        await db.SaveChangesAsync(Ct);
        await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(one => one.Label, label), Ct);
        return recording;
    }
}
