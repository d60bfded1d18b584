using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>A vault that answers and does not work: its jobs run when a test runs them, under a clock that the test holds.</summary>
public sealed class MovingVault : IAsyncLifetime
{
    /// <summary>Stands in every film, so that a search of the vault's files for it says whether a film lies there in clear.</summary>
    public const string Marker = "harbour lantern 7731";

    private TestVault? vault;

    public TestVault Vault => vault ?? throw new InvalidOperationException("The vault has not started.");

    // Files of the store have the machine's time: the vault's clock begins there.
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(Clock), settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Roles"] = "web" });

    public ValueTask DisposeAsync() => vault?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Files that were just put have ids of the machine's time: what the vault's clock gives an id next comes behind them, whichever test runs first.</summary>
    internal void CatchUp()
    {
        var now = TimeProvider.System.GetUtcNow().AddSeconds(1);
        if (Clock.GetUtcNow() < now)
            Clock.SetUtcNow(now);
    }

    internal Task<StoredRecording> PutAsync(TestTenant tenant, int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);
        Encoding.UTF8.GetBytes(Marker).CopyTo(content, length / 2);
        return StoredRecording.PutAsync(Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, "video/mp4", Ct), Ct);
    }

    internal async Task<Guid> AddAsync(TestTenant tenant, Guid recordingId, ObjectRole role, string text, string? fileName = null)
    {
        await using var scope = tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recordingId, Ct);
        var asset = await Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), role, "text/plain", new MemoryStream(Encoding.UTF8.GetBytes(text)), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recordingId, [new NewAsset(asset) { FileName = fileName }], key, Actor.System, () => Task.CompletedTask, Ct);
        return asset.Id;
    }

    /// <summary>One run of the move's job, as the queue would run it.</summary>
    internal static async Task RunAsync(TestTenant tenant, Guid moveId)
    {
        await using var scope = tenant.Enter();
        await ActivatorUtilities.CreateInstance<MoveFilesJob>(scope.ServiceProvider).RunAsync(moveId, Ct);
    }

    /// <summary>Runs until it is over, the days for which old objects are kept included.</summary>
    internal async Task FinishAsync(TestTenant tenant, Guid moveId)
    {
        await RunAsync(tenant, moveId);
        Clock.Advance(MoveEnding.OldKept + TimeSpan.FromMinutes(1));
        await RunAsync(tenant, moveId);
    }

    internal Task<RecordingMove> MoveAsync(TestTenant tenant, Guid moveId) =>
        new VaultView(Vault, tenant.Id).RowsAsync(db => db.RecordingMoves.AsNoTracking().SingleAsync(move => move.Id == moveId, Ct));

    /// <summary>Whether the marker of the films stands readable in any file of the vault.</summary>
    internal bool LiesInClear()
    {
        var marker = Encoding.UTF8.GetBytes(Marker);
        return Directory.EnumerateFiles(Vault.DataDirectory, "*", SearchOption.AllDirectories).Any(path => Read(path).AsSpan().IndexOf(marker) >= 0);
    }

    /// <summary>SQLite holds its files open for writing.</summary>
    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
