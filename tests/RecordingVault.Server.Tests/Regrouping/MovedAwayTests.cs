using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Regrouping;

public sealed class MovedAwayTests(ClockedVault vault) : PlayingTests(vault)
{
    [Fact]
    public async Task Who_plays_a_file_that_moves_away_is_stopped_and_no_damage_is_told_when_its_old_objects_go()
    {
        var recording = await PutAsync();
        await AddChatAsync(recording.Id);
        await using var reader = await ReadAsync(recording);
        await Vault.PassAsync(2, Cancel);
        Assert.Equal(1, Running);
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);

        using var asked = await owner.PostAsJsonAsync(recording.Path + "/split", new { assets = new[] { recording.Asset.Id } }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        for (var looks = 0; await StateAsync(recording.Id) != MoveState.Moved && looks < 1_000; looks++)
            await Task.Delay(20, Cancel);
        await Vault.PassAsync(2, Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));
        Assert.True(reader.Received < FilmLength);
        var view = new VaultView(Vault.Vault, Tenant.Id);
        Assert.Contains(await view.ObjectsAsync(recording.Id), found => found.Role == ObjectRole.OriginalSegment);
        Vault.Clock.Advance(MoveEnding.OldKept);
        await EndAsync(recording.Id);
        Assert.DoesNotContain(await view.ObjectsAsync(recording.Id), found => found.Role == ObjectRole.OriginalSegment);
        await Vault.PassAsync(2, Cancel);
        Assert.DoesNotContain("content.damaged", await Tenant.EventTypesAsync(Cancel));
    }

    [Fact]
    public async Task Who_watches_a_recording_into_which_another_is_merged_watches_on_to_its_end()
    {
        var (watched, other) = (await PutAsync(), await StoredRecording.PutAsync(Vault.Vault, Tenant, 300_000, Cancel));
        await using var reader = await ReadAsync(watched);
        await Vault.PassAsync(2, Cancel);

        using var asked = await (await Tenant.ClientAsync(Role.Owner, Cancel)).PostAsJsonAsync(watched.Path + "/merge", new { recording = other.Id }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        for (var looks = 0; await StateAsync(other.Id) != MoveState.Moved && looks < 1_000; looks++)
            await Task.Delay(20, Cancel);
        Assert.Equal(MoveState.Moved, await StateAsync(other.Id));
        await Vault.PassAsync(5, Cancel);

        Assert.Equal(1, Running);
        Assert.False(await reader.ReadUntilCutAsync(Cancel));
        Assert.Equal(FilmLength, reader.Received);
        Assert.Equal(2, (await new VaultView(Vault.Vault, Tenant.Id).ManifestAsync(watched.Id)).Assets.Count(asset => asset.Role == ObjectRole.OriginalSegment));
    }

    private async Task AddChatAsync(Guid id)
    {
        await using var scope = Tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(id, Cancel);
        var asset = await Vault.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Chat, "text/plain", new MemoryStream(Encoding.UTF8.GetBytes("hello")), Cancel);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(id, [new NewAsset(asset)], key, Actor.System, () => Task.CompletedTask, Cancel);
    }

    private async Task EndAsync(Guid id)
    {
        await using var scope = Tenant.Enter();
        var move = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecordingMoves.AsNoTracking().SingleAsync(move => move.FromId == id, Cancel);
        await ActivatorUtilities.CreateInstance<MoveFilesJob>(scope.ServiceProvider).RunAsync(move.Id, Cancel);
    }

    private async Task<MoveState> StateAsync(Guid id)
    {
        await using var scope = Tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecordingMoves.AsNoTracking().Where(move => move.FromId == id).Select(move => move.State).SingleAsync(Cancel);
    }
}
