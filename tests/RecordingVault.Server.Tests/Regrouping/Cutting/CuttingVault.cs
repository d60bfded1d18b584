using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Consent;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Processing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Regrouping.Cutting;

/// <summary>A vault that can run ffmpeg, and in which nobody is at work but the tests.</summary>
public sealed class CuttingVault : IAsyncLifetime
{
    private TestVault? vault;

    public TestVault Vault => vault ?? throw new InvalidOperationException("The vault has not started.");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = "web" });

    public ValueTask DisposeAsync() => vault?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal VaultView ViewOf(TestTenant tenant) => new(Vault, tenant.Id);

    /// <summary>A sample of four seconds whose marks are read and whose length is known, with people in it.</summary>
    internal async Task<(TestTenant Tenant, StoredRecording Recording, Ledgered People)> PutAsync(string sample = "plain.mp4", string mediaType = "video/mp4")
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        var content = await MediaSamples.BytesAsync(sample, Ct);
        var recording = await StoredRecording.PutAsync(Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct);
        await RunAsync<MarksJob>(tenant, recording.Id);
        await ViewOf(tenant).RowsAsync(db => db.Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.DurationSeconds, 4.0).SetProperty(row => row.Version, row => row.Version + 1), Ct));
        return (tenant, recording, await Ledgered.MakeAsync(tenant, recording.Id, Ct, "Ben", "Claire"));
    }

    internal async Task AddTextAsync(TestTenant tenant, Guid recordingId, ObjectRole role, string text)
    {
        await using (var scope = tenant.Enter())
        {
            using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recordingId, Ct);
            var asset = await Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), role, "text/vtt", new MemoryStream(Encoding.UTF8.GetBytes(text)), Ct);
            await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recordingId, [new NewAsset(asset) { Language = role == ObjectRole.Captions ? "eng" : null }], key, Actor.System, () => Task.CompletedTask, Ct);
        }

        await RunAsync<MarksJob>(tenant, recordingId);
    }

    internal static async Task MarkAsync(TestTenant tenant, Guid id, params object[] spans) =>
        (await (await tenant.ClientAsync(Role.Contributor, Ct)).PutAsJsonAsync($"/api/v1/recordings/{id}/edits", new { spans }, Ct)).EnsureSuccessStatusCode().Dispose();

    internal static object Span(double from, double to, string kind) => new { from, to, kind };

    internal static async Task<(Guid Cut, Guid Into)> CopyAsync(TestTenant tenant, Guid id, object body)
    {
        using var answer = await (await tenant.ClientAsync(Role.Contributor, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/edits/copies", body, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var cut = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (cut.GetProperty("id").GetGuid(), cut.GetProperty("into").GetGuid());
    }

    /// <summary>Asks as a signed-in Owner, who has looked at the spans as they are.</summary>
    internal async Task<HttpResponseMessage> AskInPersonAsync(TestTenant tenant, Guid id, string title, Guid[] without, DateTimeOffset? changedAt = null)
    {
        using var browser = new TestBrowser(Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        var seen = changedAt ?? await MarkedAtAsync(tenant, id);
        return await browser.SendJsonAsync(HttpMethod.Post, $"/api/v1/recordings/{id}/edits/copies", new { title, without, reason = "He asked for it", confirmed = true, changedAt = seen }, Ct);
    }

    internal static async Task<DateTimeOffset> MarkedAtAsync(TestTenant tenant, Guid id) => (await ReadAsync(tenant, $"/api/v1/recordings/{id}/edits")).GetProperty("changedAt").GetDateTimeOffset();

    internal static async Task RunAsync<TJob>(TestTenant tenant, Guid id)
        where TJob : ITenantJob
    {
        await using var scope = tenant.Enter();
        await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(id, Ct);
    }

    /// <summary>As it comes each minute.</summary>
    internal Task SweepAsync() => ActivatorUtilities.CreateInstance<SweepCutsJob>(Vault.Services).RunAsync(Ct);

    internal static Task RunAsync(TestTenant tenant, Guid cut) => RunAsync<CutJob>(tenant, cut);

    internal static async Task<JsonElement> ReadAsync(TestTenant tenant, string path) => await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>(path, Ct);

    internal static async Task<JsonElement> NewestAsync(TestTenant tenant, Guid id) => (await ReadAsync(tenant, $"/api/v1/recordings/{id}/edits")).GetProperty("copies")[0];

    /// <summary>The film of a recording as it lies in its store, opened, in a file.</summary>
    internal async Task<string> FilmAsync(TestTenant tenant, Guid id)
    {
        var at = (await ViewOf(tenant).ManifestAsync(id)).Assets.ToList().FindIndex(asset => asset.Role == ObjectRole.OriginalSegment);
        var path = Path.Combine(Directory.CreateTempSubdirectory("vault-cut-test-").FullName, "film");
        await File.WriteAllBytesAsync(path, await ViewOf(tenant).ContentAsync(id, at), Ct);
        return path;
    }
}
