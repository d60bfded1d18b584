using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>What is not merged, what waits, and what is given up: then everything is where it was.</summary>
public sealed class MergeRefusalTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task Another_tenant_finds_neither_and_a_viewer_merges_nothing()
    {
        var (tenant, to, from) = await PairAsync();
        var (others, own, _) = await PairAsync();
        var stranger = await others.ClientAsync(Role.Owner, Ct);

        using var theirs = await stranger.PostAsJsonAsync(to.Path + "/merge", new { recording = own.Id }, Ct);
        using var ours = await stranger.PostAsJsonAsync(own.Path + "/merge", new { recording = from.Id }, Ct);
        using var viewer = await (await tenant.ClientAsync(Role.Viewer, Ct)).PostAsJsonAsync(to.Path + "/merge", new { recording = from.Id }, Ct);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (theirs.StatusCode, ours.StatusCode, viewer.StatusCode));
        Assert.DoesNotContain("recording.merge-asked", await tenant.EventTypesAsync(Ct));
        Assert.DoesNotContain("recording.merge-asked", await others.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_can_t_be_merged_is_refused_with_its_reason()
    {
        var (tenant, to, from) = await PairAsync();
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var arriving = (await (await TusClient.OfAsync(tenant, Role.Owner, Ct)).BeginAsync(1_000, Ct)).RecordingId;
        using var empty = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Empty" }, Ct);
        var trashed = await Vault.PutAsync(tenant, 1_000);
        (await owner.DeleteAsync(trashed.Path, Ct)).Dispose();

        Assert.Equal("invalid", await RefusedAsync(owner, to.Id, null, 400));
        Assert.Equal("invalid", await RefusedAsync(owner, to.Id, to.Id, 400));
        Assert.Equal("still-arriving", await RefusedAsync(owner, to.Id, arriving, 409));
        Assert.Equal("in-trash", await RefusedAsync(owner, to.Id, trashed.Id, 409));
        Assert.Equal("nothing-to-move", await RefusedAsync(owner, to.Id, (await empty.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid(), 409));
        await MergeAsync(tenant, to.Id, from.Id);
        Assert.Equal("already-moving", await RefusedAsync(owner, to.Id, from.Id, 409));
    }

    [Fact]
    public async Task Nobody_merges_what_is_restricted_to_others()
    {
        var (tenant, to, from) = await PairAsync();
        await LabelAsync(tenant, from.Id, ConfidentialityLabel.Restricted);

        Assert.Equal("restricted", await RefusedAsync(await tenant.ClientAsync(Role.Contributor, Ct), to.Id, from.Id, 403));
    }

    [Fact]
    public async Task What_is_restricted_merges_with_what_the_same_person_restricted_and_with_nothing_else()
    {
        var (tenant, to, from) = await PairAsync();
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        await LabelAsync(tenant, from.Id, ConfidentialityLabel.Restricted);
        var apart = await RefusedAsync(owner, to.Id, from.Id, 409);
        var back = await RefusedAsync(owner, from.Id, to.Id, 409);
        await LabelAsync(tenant, to.Id, ConfidentialityLabel.Restricted);
        await AddedByAsync(tenant, from.Id, Guid.NewGuid());
        var ofOthers = await RefusedAsync(owner, to.Id, from.Id, 409);
        await AddedByAsync(tenant, from.Id, (await ViewOf(tenant).RecordingAsync(to.Id))!.CreatedBy);

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        Assert.Equal(("restricted-apart", "restricted-apart", "restricted-apart"), (apart, back, ofOthers));
        Assert.Equal(2, (await ViewOf(tenant).ManifestAsync(to.Id)).Assets.Count);
    }

    [Fact]
    public async Task A_restricted_one_that_becomes_somebody_else_s_while_it_moves_stays_where_it_is()
    {
        var (tenant, to, from) = await PairAsync();
        await LabelAsync(tenant, to.Id, ConfidentialityLabel.Restricted);
        await LabelAsync(tenant, from.Id, ConfidentialityLabel.Restricted);
        await AddedByAsync(tenant, from.Id, (await ViewOf(tenant).RecordingAsync(to.Id))!.CreatedBy);
        var move = await MergeAsync(tenant, to.Id, from.Id);
        await LabelAsync(tenant, to.Id, ConfidentialityLabel.Confidential);

        await MovingVault.RunAsync(tenant, move);

        await AssertGivenUpAsync(tenant, to, from, "restricted");
    }

    [Fact]
    public async Task A_recording_is_not_destroyed_before_its_move_has_ended_and_left_nothing_under_the_other_key()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(from.Path, Ct)).Dispose();
        Vault.Clock.Advance(RecordingTrash.KeptFor + TimeSpan.FromHours(1));

        await DestroyAsync(tenant, from.Id);
        var byHand = await ViewOf(tenant).InScopeAsync(services => services.GetRequiredService<TrashEmptying>().DestroyAsync(from.Id, Actor.System, Ct));
        Assert.Equal("still-moving", byHand?.Slug);
        Assert.NotEmpty(await ViewOf(tenant).ObjectsAsync(from.Id));
        await MovingVault.RunAsync(tenant, move);
        await DestroyAsync(tenant, from.Id);

        Assert.Empty(await ViewOf(tenant).ObjectsAsync(from.Id));
        Assert.Equal(to.Asset.Segments.Count, (await ViewOf(tenant).ObjectsAsync(to.Id)).Count(found => found.Role == ObjectRole.OriginalSegment));
    }

    [Fact]
    public async Task What_is_marked_restricted_while_it_moves_stays_where_it_is()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        await LabelAsync(tenant, from.Id, ConfidentialityLabel.Restricted);

        await MovingVault.RunAsync(tenant, move);

        await AssertGivenUpAsync(tenant, to, from, "restricted");
    }

    [Fact]
    public async Task A_recording_that_goes_to_the_trash_meanwhile_is_not_emptied_and_nothing_is_left_of_the_try()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(to.Path, Ct)).Dispose();

        await MovingVault.RunAsync(tenant, move);

        await AssertGivenUpAsync(tenant, to, from, "in-trash");
    }

    [Fact]
    public async Task A_damaged_file_stays_where_it_is_and_what_was_sealed_anew_is_deleted()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var path = from.SegmentFile(from.Asset.Segments.Count - 1);
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        bytes[^1] ^= 1;
        File.Delete(path);
        await File.WriteAllBytesAsync(path, bytes, Ct);

        await MovingVault.RunAsync(tenant, move);

        await AssertGivenUpAsync(tenant, to, from, "damaged");
    }

    [Fact]
    public async Task It_waits_for_what_is_being_made_of_a_file_and_for_an_upload_into_the_emptied_one()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var view = ViewOf(tenant);
        var claim = await view.InScopeAsync(services => services.GetRequiredService<ProcessingRows>().ClaimAsync(
            services.GetRequiredService<VaultDbContext>().RecordingAssets.AsNoTracking().Single(asset => asset.RecordingId == from.Id), MakingStage.Small, Ct));
        await MovingVault.RunAsync(tenant, move);
        Assert.Equal(("processing", MoveState.Waiting), await StateAsync(tenant, move));

        await view.InScopeAsync(async services =>
        {
            await services.GetRequiredService<ProcessingRows>().ReleaseAsync(claim!, isStopped: false, Ct);
            return true;
        });
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(1_000, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = "late.mp4", ["recording"] = $"{from.Id}" });
        await MovingVault.RunAsync(tenant, move);
        Assert.Equal(("upload", MoveState.Waiting), await StateAsync(tenant, move));

        await tus.AppendAsync(address, 0, Footage.Make(1_000), Ct);
        await Vault.FinishAsync(tenant, move);

        Assert.Equal((null, MoveState.Done), await StateAsync(tenant, move));
        Assert.Equal(3, (await view.ManifestAsync(to.Id)).Assets.Count);
        Assert.Equal(2, (await view.ManifestAsync(to.Id)).Assets.Count(asset => asset.Length > 1_000));
    }

    private async Task AssertGivenUpAsync(TestTenant tenant, StoredRecording to, StoredRecording from, string reason)
    {
        var move = (await ReadAsync(tenant, from.Id)).GetProperty("move");
        var view = ViewOf(tenant);
        Assert.Equal(("given-up", reason), (move.GetProperty("state").GetString(), move.GetProperty("reason").GetString()));
        Assert.Single((await view.ManifestAsync(from.Id)).Assets);
        Assert.Equal(to.Asset.Segments.Count, (await view.ObjectsAsync(to.Id)).Count(found => found.Role == ObjectRole.OriginalSegment));
        Assert.Equal(from.Asset.Segments.Count, (await view.ObjectsAsync(from.Id)).Count(found => found.Role == ObjectRole.OriginalSegment));
        Assert.True(await tenant.HasEventAsync("recording.move-given-up", from.Id, Ct));
    }

    private async Task AddedByAsync(TestTenant tenant, Guid id, Guid member) =>
        await ViewOf(tenant).RowsAsync(db => db.Recordings.Where(recording => recording.Id == id).ExecuteUpdateAsync(set => set.SetProperty(recording => recording.CreatedBy, member), Ct));

    private Task<bool> DestroyAsync(TestTenant tenant, Guid id) => ViewOf(tenant).InScopeAsync(async services =>
    {
        await services.GetRequiredService<RecordingDestruction>().DestroyAsync(id, Ct);
        return true;
    });

    private async Task<(string?, MoveState)> StateAsync(TestTenant tenant, Guid moveId)
    {
        var move = await Vault.MoveAsync(tenant, moveId);
        return (move.Reason, move.State);
    }

    private static async Task<string> RefusedAsync(HttpClient client, Guid to, Guid? from, int status)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/recordings/{to}/merge", new { recording = from }, Ct);
        return await TusClient.SlugAsync(answer, status, Ct);
    }
}
