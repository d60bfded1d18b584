using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A tenant that plays under a clock which stands still between the steps.</summary>
public abstract class PlayingTests(ClockedVault vault) : IClassFixture<ClockedVault>, IAsyncLifetime
{
    // More than all the buffers between server and reader hold.
    protected const int FilmLength = 24 * 1024 * 1024;
    protected const int Beginning = 256 * 1024;

    private protected TestTenant Tenant { get; private set; } = null!;

    protected ClockedVault Vault { get; } = vault;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Tenant = await TestTenant.CreateAsync(Vault.Vault, Cancel);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected int Running => Vault.Running(Tenant.Id);

    private protected Task<StoredRecording> PutAsync() => StoredRecording.PutLeavingAsync(Vault.Vault, Tenant, FilmLength, Cancel);

    private protected async Task<SlowReader> ReadAsync(StoredRecording recording) => await ReadAsync(recording, await Tenant.TokenAsync(Tenant.Owner, Role.Owner, Cancel));

    private protected async Task<SlowReader> ReadAsync(StoredRecording recording, string token)
    {
        var reader = await SlowReader.GetAsync(Vault.Vault.Address, recording.Path + "/content", "Authorization: Bearer " + token, Cancel);
        Assert.Equal((200, FilmLength), (reader.Status, reader.ContentLength));
        await reader.ReadAsync(Beginning, Cancel);
        return reader;
    }

    private protected async Task<HttpResponseMessage> ListenAsync(StoredRecording recording, string token)
    {
        var client = Vault.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await client.GetAsync(recording.Path + "/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private protected async Task EndTokensInAsync(TimeSpan time)
    {
        await using var scope = Vault.Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        var end = Vault.Clock.GetUtcNow() + time;
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ApiTokens.ExecuteUpdateAsync(set => set.SetProperty(token => token.ExpiresAt, end), Cancel);
    }

    private protected async Task RevokeTokensAsync()
    {
        await using var scope = Vault.Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.ApiTokens.ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, Vault.Clock.GetUtcNow()), Cancel);
        await scope.ServiceProvider.GetRequiredService<IPermissionCounter>().RaiseAsync(Cancel);
    }

    private protected async Task RaiseAsync()
    {
        await using var scope = Vault.Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        await scope.ServiceProvider.GetRequiredService<IPermissionCounter>().RaiseAsync(Cancel);
    }

    private protected async Task<long> FetchedAsync(StoredRecording recording)
    {
        await using var scope = Vault.Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Releases.Where(release => release.RecordingId == recording.Id).SumAsync(release => release.FetchedBytes, Cancel);
    }

    private protected async Task<int> ReleasesAsync(StoredRecording recording)
    {
        await using var scope = Vault.Vault.Services.GetRequiredService<SystemScope>().Enter(Tenant.Id);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Releases.CountAsync(release => release.RecordingId == recording.Id, Cancel);
    }
}
