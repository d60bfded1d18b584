using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>A vault that draws on films, and in which nobody is at work but the tests.</summary>
public abstract class RecipientCopyVault : IAsyncLifetime
{
    private protected TestVault Vault { get; private set; } = null!;

    private protected TestTenant Tenant { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Processing:Sandbox"] = "bubblewrap", ["Vault:Roles"] = "web" });
        Tenant = await TestTenant.CreateAsync(Vault, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Vault.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<StoredRecording> PutAsync(string sample, string mediaType = "video/mp4") => await PutBytesAsync(await MediaSamples.BytesAsync(sample, Ct), mediaType);

    private protected async Task<StoredRecording> PutBytesAsync(byte[] content, string mediaType)
    {
        var recording = await StoredRecording.PutAsync(Vault, Tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, mediaType, Ct), Ct);
        return await recording.LaidOutAsync(Ct);
    }

    private protected static Task<SharedLink> MakeAsync(StoredRecording recording, object body) => SharedLink.MakeAsync(recording, Ct, body);

    private protected async Task RunAsync(SharedLink link)
    {
        await using var scope = Tenant.Enter();
        await ActivatorUtilities.CreateInstance<CopyJob>(scope.ServiceProvider).RunAsync(link.Id, Ct);
    }

    private protected Task SweepAsync() => ActivatorUtilities.CreateInstance<SweepCopiesJob>(Vault.Services).RunAsync(Ct);

    private protected async Task<Visitor> OpenAsync(SharedLink link)
    {
        var visitor = await Visitor.AtAsync(Vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
        return visitor;
    }

    private protected static async Task<string?> StateAsync(SharedLink link) => (await link.ReadAsync(Ct)).GetProperty("visibleMark").GetProperty("state").GetString();

    private protected async Task<Guid> FileAsync(SharedLink link)
    {
        await using var scope = Tenant.Enter();
        return (await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecipientCopies.AsNoTracking().SingleAsync(copy => copy.Id == link.Id, Ct)).AssetId!.Value;
    }

    /// <summary>Changes the row of a link's copy behind everybody's back.</summary>
    private protected async Task ChangeAsync(SharedLink link, Action<UpdateSettersBuilder<RecipientCopy>> change)
    {
        await using var scope = Tenant.Enter();
        Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecipientCopies.Where(copy => copy.Id == link.Id).ExecuteUpdateAsync(change, Ct));
    }

    /// <summary>What lies in the store of a recording's files, without manifests and cards.</summary>
    private protected async Task<IReadOnlySet<Guid>> ObjectsAsync(StoredRecording recording)
    {
        var found = new SortedSet<Guid>();
        await foreach (var one in Vault.Services.GetRequiredService<SealedStore>().ListRecordingAsync(Tenant.Id, recording.Id, Ct))
        {
            if (one.Sequence is null)
                found.Add(one.ObjectId);
        }

        return found;
    }

    private protected async Task<IReadOnlySet<Guid>> BoundAsync(StoredRecording recording)
    {
        await using var scope = Tenant.Enter();
        var row = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.AsNoTracking().SingleAsync(row => row.Id == recording.Id, Ct);
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var manifest = await Vault.Services.GetRequiredService<SealedStore>().OpenManifestAsync(key, row.Manifest!, Ct);
        return new SortedSet<Guid>(manifest.Assets.SelectMany(asset => asset.Segments).Select(segment => segment.ObjectId));
    }

    private protected static async Task<byte[]> ReadAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Ct);
    }
}
