using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>What a move leaves in the store when it dies, is given up, or when the store keeps what is to be deleted.</summary>
public sealed class MoveLeftoversTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task After_a_killed_and_given_up_merge_whoever_reads_the_store_alone_finds_each_file_where_it_was()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        await KillAtChangeOverAsync(tenant, move);
        Assert.Equal((2, 0), ((await ReadBucketAsync(tenant, to.Id)).Count, (await ReadBucketAsync(tenant, from.Id)).Count));
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(to.Path, Ct)).Dispose();
        Vault.Clock.Advance(TimeSpan.FromMinutes(2));

        await MovingVault.RunAsync(tenant, move);

        Assert.Equal(MoveState.GivenUp, (await Vault.MoveAsync(tenant, move)).State);
        await AssertWholeAsync(tenant, to, from);
        foreach (var recording in new[] { to.Id, from.Id })
        {
            var row = (await ViewOf(tenant).RecordingAsync(recording))!;
            Assert.True(await tenant.HasEventAsync("manifest.committed", recording, Ct));
            Assert.All((await ViewOf(tenant).ObjectsAsync(recording)).Where(found => found.Role == ObjectRole.Manifest), found => Assert.False(ManifestRestating.IsAbove(found, row)));
        }
    }

    [Fact]
    public async Task So_he_does_after_a_split_whose_recording_goes()
    {
        var (tenant, first, _) = await PairAsync();
        var second = await Vault.AddAsync(tenant, first.Id, ObjectRole.OriginalSegment, "the second film");
        var (move, made) = await SplitAsync(tenant, first.Id, second);
        await KillAtChangeOverAsync(tenant, move);
        Assert.Single(await ReadBucketAsync(tenant, first.Id));
        await LabelAsync(tenant, first.Id, ConfidentialityLabel.Restricted);
        Vault.Clock.Advance(TimeSpan.FromMinutes(2));

        await MovingVault.RunAsync(tenant, move);

        Assert.Equal((MoveState.GivenUp, "restricted"), ((await Vault.MoveAsync(tenant, move)).State, (await Vault.MoveAsync(tenant, move)).Reason));
        Assert.Equal([first.Content.Length, 15], await ReadBucketAsync(tenant, first.Id));
        Assert.Empty(await ViewOf(tenant).ObjectsAsync(made));
    }

    [Fact]
    public async Task A_run_that_dies_between_the_two_manifests_leaves_the_files_in_both_and_never_in_neither()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        using (new RefusedFolder(FolderOf(tenant, (await ViewOf(tenant).ObjectsAsync(from.Id)).Single(found => found.Role == ObjectRole.Manifest).ObjectId)))
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => MovingVault.RunAsync(tenant, move));

        Assert.Equal((2, 1), ((await ReadBucketAsync(tenant, to.Id)).Count, (await ReadBucketAsync(tenant, from.Id)).Count));
        Assert.Single((await ViewOf(tenant).ManifestAsync(to.Id)).Assets);
        await Vault.FinishAsync(tenant, move);
        Assert.Equal((2, 0), ((await ReadBucketAsync(tenant, to.Id)).Count, (await ReadBucketAsync(tenant, from.Id)).Count));
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
    }

    [Fact]
    public async Task A_store_that_takes_no_piece_costs_nothing_but_time()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        using (new RefusedFolder(FolderOf(tenant, to.Asset.Segments[0].ObjectId)))
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => MovingVault.RunAsync(tenant, move));

        Assert.Equal((MoveState.Waiting, null), ((await Vault.MoveAsync(tenant, move)).State, (await Vault.MoveAsync(tenant, move)).ClaimedUntil));
        await AssertWholeAsync(tenant, to, from);
        await Vault.FinishAsync(tenant, move);
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
    }

    [Fact]
    public async Task A_store_that_keeps_the_old_objects_does_not_hold_up_the_end_and_is_asked_again_each_day()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        RecordingMove kept;
        using (new RefusedFolder(FolderOf(tenant, from.Asset.Segments[0].ObjectId)))
        {
            await Vault.FinishAsync(tenant, move);
            kept = await Vault.MoveAsync(tenant, move);
            Assert.Equal((MoveState.Done, true), (kept.State, kept.HasLeftovers));
            Assert.Contains(await HealthAsync(), line => line.Subject == "moved files" && line.State == HealthState.Look);
            (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(to.Path, Ct)).Dispose();
            Assert.Equal("still-moving", await ViewOf(tenant).InScopeAsync(async services => (await services.GetRequiredService<TrashEmptying>().DestroyAsync(to.Id, Actor.System, Ct))?.Slug));
            await MovingVault.RunAsync(tenant, move);
            await EndOldRowsAsync();
            Assert.True((await Vault.MoveAsync(tenant, move)).HasLeftovers);
        }

        await MovingVault.RunAsync(tenant, move);

        var ended = await Vault.MoveAsync(tenant, move);
        Assert.Equal((MoveState.Done, false, kept.EndedAt), (ended.State, ended.HasLeftovers, ended.EndedAt));
        Assert.All(await ViewOf(tenant).ObjectsAsync(from.Id), found => Assert.Equal(ObjectRole.Manifest, found.Role));
        Assert.DoesNotContain(await HealthAsync(), line => line.Subject == "moved files");
    }

    [Fact]
    public async Task A_stray_manifest_of_any_origin_is_put_below_the_committed_one_before_it_is_swept()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        await KillAtChangeOverAsync(tenant, move);
        // As an older version left it: given up, and the stray manifests in place.
        await ViewOf(tenant).RowsAsync(db => db.RecordingMoves.Where(row => row.Id == move)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MoveState.GivenUp).SetProperty(row => row.EndedAt, Vault.Clock.GetUtcNow()), Ct));
        Vault.Clock.Advance(TimeSpan.FromHours(30));

        await InScopeAsync(tenant, services => services.GetRequiredService<UploadSweep>().RunAsync(Ct));

        await AssertWholeAsync(tenant, to, from);
        Assert.Equal(2, (await ViewOf(tenant).RecordingAsync(to.Id))!.ManifestSequence);
    }

    private async Task AssertWholeAsync(TestTenant tenant, StoredRecording to, StoredRecording from)
    {
        Assert.Equal([to.Content.Length], await ReadBucketAsync(tenant, to.Id));
        Assert.Equal([from.Content.Length], await ReadBucketAsync(tenant, from.Id));
        Assert.Equal(to.Content, await ViewOf(tenant).ContentAsync(to.Id));
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(from.Id));
    }

    private async Task<IReadOnlyList<HealthLine>> HealthAsync()
    {
        await using var scope = Vault.Vault.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IHealthLook>().LookAsync(Ct);
    }

    private async Task EndOldRowsAsync() =>
        await ActivatorUtilities.CreateInstance<EndedMoves>(Vault.Vault.Services).DeleteAsync(Vault.Clock.GetUtcNow() + TimeSpan.FromDays(40), Ct);

    private string FolderOf(TestTenant tenant, Guid objectId) =>
        Path.GetDirectoryName(Directory.EnumerateFiles(Path.Combine(tenant.Vault.DataDirectory, "store"), $"*{objectId}*", SearchOption.AllDirectories).Single())!;
}
