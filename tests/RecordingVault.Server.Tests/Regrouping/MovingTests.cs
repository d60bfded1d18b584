using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>Two recordings of one tenant, and what moves between them.</summary>
public abstract class MovingTests(MovingVault vault) : IClassFixture<MovingVault>
{
    protected MovingVault Vault { get; } = vault;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected async Task<(TestTenant Tenant, StoredRecording To, StoredRecording From)> PairAsync(int fromLength = 400_000)
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Ct);
        var (to, from) = (await Vault.PutAsync(tenant, 300_000), await Vault.PutAsync(tenant, fromLength));
        Vault.CatchUp();
        return (tenant, to, from);
    }

    private protected VaultView ViewOf(TestTenant tenant) => new(Vault.Vault, tenant.Id);

    private protected static async Task<Guid> MergeAsync(TestTenant tenant, Guid to, Guid from)
    {
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{to}/merge", new { recording = from }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
    }

    private protected static async Task<(Guid Move, Guid Made)> SplitAsync(TestTenant tenant, Guid id, params Guid[] assets)
    {
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/split", new { assets }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var move = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (move.GetProperty("id").GetGuid(), move.GetProperty("to").GetGuid());
    }

    private protected static Task<IReadOnlyList<long>> ReadBucketAsync(TestTenant tenant, Guid id) => BucketView.LengthsAsync(tenant, id, Ct);

    /// <summary>Everything is sealed and read back, both manifests are put, and there the run dies: nothing is committed.</summary>
    private protected static async Task KillAtChangeOverAsync(TestTenant tenant, Guid move)
    {
        using (DatabaseEvents.WhenTransactionStarted(tenant.Id, db =>
        {
            if (db.MovedAssets.Any(asset => asset.IsVerified))
                throw new IOException("killed");
        }))
        {
            await Assert.ThrowsAsync<IOException>(() => MovingVault.RunAsync(tenant, move));
        }
    }

    private protected Task<bool> InScopeAsync(TestTenant tenant, Func<IServiceProvider, Task> act) => ViewOf(tenant).InScopeAsync(async services =>
    {
        await act(services);
        return true;
    });

    private protected static async Task RunAsync<TJob>(TestTenant tenant, Guid id)
        where TJob : ITenantJob
    {
        await using var scope = tenant.Enter();
        await ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(id, Ct);
    }

    private protected async Task LabelAsync(TestTenant tenant, Guid id, ConfidentialityLabel label) => await ViewOf(tenant).RowsAsync(db =>
        db.Recordings.Where(recording => recording.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(recording => recording.Label, label).SetProperty(recording => recording.Version, recording => recording.Version + 1), Ct));

    private protected static async Task<JsonElement> ReadAsync(TestTenant tenant, Guid id) =>
        await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct);

    private protected static async Task<string> ReadAsync(TestBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private protected static IEnumerable<string?> Roles(JsonElement recording) => recording.GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("role").GetString());
}
