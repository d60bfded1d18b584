using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Bmff;
using RecordingVault.Marks.Serving;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Xmp;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>A vault that was given another public address: what leaves names that one, though it was laid out under the old one.</summary>
public sealed class ChangedAddressTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://a-name-that-it-had-before.example/t/1/data-use")]
    [InlineData(null)]
    public async Task A_film_that_was_laid_out_under_the_old_address_leaves_with_the_new_one(string? old)
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:PublicUrl"] = "http://localhost" });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var recording = await StoredRecording.PutAsync(vault, tenant, 100_000, Ct);
        await LayOutAsync(recording, old is null ? null : new Uri(old));

        var film = await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync(recording.Path + "/content", Ct);

        Assert.Equal($"http://localhost/t/{tenant.Id}/data-use", XmpPacket.StatementOf(Assert.Single((await Mp4LayoutReader.PacketsAsync(new MemorySource(film), Ct))!)));
        Assert.Equal(recording.Leaves.Length, film.Length);
        Assert.True(film.AsSpan(24 + Mp4Layout.FrontLength).SequenceEqual(recording.Leaves.AsSpan(24 + Mp4Layout.FrontLength)));
    }

    private static async Task LayOutAsync(StoredRecording recording, Uri? statement)
    {
        await using var scope = recording.Tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var stored = (await LayoutWriter.MakeAsync(new MemorySource(recording.Content), "video/mp4", statement, Ct)).Stored!;
        var asset = await recording.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Layout, LayoutMedia.LaidOut, new MemoryStream(stored), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recording.Id, [new NewAsset(asset) { DerivedFrom = recording.Asset.Id }], key, Actor.System, () => Task.CompletedTask, Ct);
    }
}
