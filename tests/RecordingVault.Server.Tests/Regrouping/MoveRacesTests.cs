using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>What else happens to two recordings while files move between them.</summary>
public sealed class MoveRacesTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task Of_two_merges_that_cross_one_is_taken_and_no_file_is_lost()
    {
        var (tenant, one, other) = await PairAsync();
        var client = await tenant.ClientAsync(Role.Owner, Ct);

        var answers = await Task.WhenAll(
            client.PostAsJsonAsync($"/api/v1/recordings/{one.Id}/merge", new { recording = other.Id }, Ct),
            client.PostAsJsonAsync($"/api/v1/recordings/{other.Id}/merge", new { recording = one.Id }, Ct));
        var move = await ViewOf(tenant).RowsAsync(db => db.RecordingMoves.AsNoTracking().SingleAsync(Ct));
        await Vault.FinishAsync(tenant, move.Id);

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(2, (await ViewOf(tenant).ManifestAsync(move.ToId)).Assets.Count);
        var (stays, comes) = move.ToId == one.Id ? (one, other) : (other, one);
        Assert.Equal(stays.Content, await ViewOf(tenant).ContentAsync(move.ToId));
        Assert.Equal(comes.Content, await ViewOf(tenant).ContentAsync(move.ToId, 1));
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Theory]
    [InlineData(MoveState.Waiting, false, false)]
    [InlineData(MoveState.Running, false, false)]
    [InlineData(MoveState.GivingUp, false, false)]
    [InlineData(MoveState.Moved, true, false)]
    [InlineData(MoveState.Done, true, true)]
    [InlineData(MoveState.GivenUp, true, true)]
    public async Task Only_what_holds_nothing_of_a_move_is_destroyed(object state, bool mayEmptied, bool mayOther)
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        if (state is MoveState.Moved or MoveState.Done)
            await MovingVault.RunAsync(tenant, move);
        if (state is MoveState.Done)
            await Vault.FinishAsync(tenant, move);
        foreach (var recording in new[] { to, from })
            (await client.DeleteAsync(recording.Path, Ct)).Dispose();
        if (state is MoveState.GivenUp)
            await MovingVault.RunAsync(tenant, move);
        if (state is MoveState.Running or MoveState.GivingUp)
            await ViewOf(tenant).RowsAsync(db => db.RecordingMoves.Where(row => row.Id == move).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, (MoveState)state), Ct));
        Assert.Equal((MoveState)state, (await Vault.MoveAsync(tenant, move)).State);

        Assert.Equal(mayEmptied ? null : "still-moving", await DestroyAsync(tenant, from.Id));
        Assert.Equal(mayOther ? null : "still-moving", await DestroyAsync(tenant, to.Id));
    }

    [Fact]
    public async Task The_sweep_of_what_nothing_refers_to_leaves_alone_what_a_move_has_sealed()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        await KillAtChangeOverAsync(tenant, move);
        Vault.Clock.Advance(TimeSpan.FromHours(30));
        var sealedAnew = (await ViewOf(tenant).ObjectsAsync(to.Id)).Count;

        foreach (var recording in new[] { to.Id, from.Id })
            await InScopeAsync(tenant, services => services.GetRequiredService<OrphanSweep>().RunAsync(recording, Ct));
        var left = (await ViewOf(tenant).ObjectsAsync(to.Id)).Count;
        await MovingVault.RunAsync(tenant, move);
        foreach (var recording in new[] { to.Id, from.Id })
            await InScopeAsync(tenant, services => services.GetRequiredService<OrphanSweep>().RunAsync(recording, Ct));

        Assert.True(sealedAnew > to.Asset.Segments.Count + 1, $"{sealedAnew}");
        Assert.Equal(sealedAnew, left);
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
        Assert.Equal(from.Asset.Segments.Count, (await ViewOf(tenant).ObjectsAsync(from.Id)).Count(found => found.Role == ObjectRole.OriginalSegment));
    }

    [Fact]
    public async Task Words_that_nothing_refers_to_are_swept_of_the_emptied_one_too()
    {
        var (tenant, to, from) = await PairAsync();
        await Vault.AddAsync(tenant, from.Id, ObjectRole.Chat, "we meet at the jetty");
        await RunAsync<WordsJob>(tenant, from.Id);
        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));
        foreach (var recording in new[] { to.Id, from.Id })
            await PutStrayAsync(tenant, recording);
        Vault.Clock.Advance(TimeSpan.FromHours(30));

        await InScopeAsync(tenant, services => services.GetRequiredService<UploadSweep>().RunAsync(Ct));

        Assert.All(await ViewOf(tenant).ObjectsAsync(from.Id), found => Assert.Equal(ObjectRole.Manifest, found.Role));
        Assert.Single((await ViewOf(tenant).ObjectsAsync(to.Id)), found => found.Role == ObjectRole.SearchWords);
    }

    /// <summary>As a process that died after a put leaves it.</summary>
    private Task<bool> PutStrayAsync(TestTenant tenant, Guid recording) => InScopeAsync(tenant, async services =>
    {
        using var key = await services.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording, Ct);
        await ViewOf(tenant).Store.PutObjectAsync(key, ObjectRole.SearchWords, "words"u8.ToArray(), Ct);
    });

    private Task<string?> DestroyAsync(TestTenant tenant, Guid id) =>
        ViewOf(tenant).InScopeAsync(async services => (await services.GetRequiredService<TrashEmptying>().DestroyAsync(id, Actor.System, Ct))?.Slug);
}
