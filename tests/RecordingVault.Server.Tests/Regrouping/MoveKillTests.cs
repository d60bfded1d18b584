using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>
/// A merge is killed before each of the database's commands in turn: from there on nothing that the run asks for happens, what it does on its way out included. Whoever
/// looks then finds every file whole in exactly one recording, and the next run brings it to its end.
/// </summary>
public sealed class MoveKillTests(MovingVault vault) : MovingTests(vault)
{
    private const int Length = 200_000;

    [Fact]
    public async Task Killed_anywhere_each_file_is_whole_in_one_recording_and_the_next_run_ends_it()
    {
        var moved = new List<(TestTenant Tenant, Guid To)>();
        var isKilled = true;
        for (var command = 1; isKilled; command++)
        {
            var (tenant, to, from) = await PairAsync(Length);
            await Vault.AddAsync(tenant, from.Id, ObjectRole.Chat, "we meet at the jetty");
            var move = await MergeAsync(tenant, to.Id, from.Id);

            isKilled = await KillAtAsync(tenant, move, command);
            await AssertWholeAsync(tenant, to, from);
            Assert.False(Vault.LiesInClear());

            Vault.Clock.Advance(TimeSpan.FromMinutes(2));
            await MovingVault.RunAsync(tenant, move);
            await Vault.FinishAsync(tenant, move);
            Assert.Equal(MoveState.Done, (await Vault.MoveAsync(tenant, move)).State);
            Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
            Assert.All(await ViewOf(tenant).ObjectsAsync(from.Id), found => Assert.Equal(ObjectRole.Manifest, found.Role));
            moved.Add((tenant, to.Id));
        }

        Assert.True(moved.Count > 20, $"only {moved.Count} places to kill it at");
        await AssertSweptAsync(moved);
    }

    [Fact]
    public async Task The_next_run_goes_on_behind_the_last_piece_that_has_a_row()
    {
        var (tenant, to, from) = await PairAsync((2 * SegmentBuffer.Capacity) + 10_000);
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var (pieces, isDead) = (0, false);
        using (DatabaseEvents.WhenExecuting(tenant.Id, command =>
        {
            isDead = isDead || (command.Contains("INSERT", StringComparison.Ordinal) && command.Contains("moved_segments", StringComparison.Ordinal) && ++pieces == 3);
            if (isDead)
                throw new IOException("killed");
        }))
        {
            await Assert.ThrowsAsync<IOException>(() => MovingVault.RunAsync(tenant, move));
        }

        var kept = await ViewOf(tenant).RowsAsync(db => db.MovedSegments.OrderBy(segment => segment.Ordinal).Select(segment => segment.ObjectId).ToListAsync(Ct));
        Vault.Clock.Advance(TimeSpan.FromMinutes(2));
        await Vault.FinishAsync(tenant, move);

        Assert.Equal(2, kept.Count);
        Assert.Equal(kept, (await ViewOf(tenant).ManifestAsync(to.Id)).Assets[1].Segments.Take(2).Select(segment => segment.ObjectId));
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
    }

    [Fact]
    public async Task The_search_for_clear_text_finds_what_lies_there()
    {
        var path = Path.Combine(Vault.Vault.DataDirectory, "control.tmp");
        await File.WriteAllTextAsync(path, $"before {MovingVault.Marker} after", Ct);

        Assert.True(Vault.LiesInClear());
        File.Delete(path);
        Assert.False(Vault.LiesInClear());
    }

    /// <returns>Whether there was still something to kill.</returns>
    private static async Task<bool> KillAtAsync(TestTenant tenant, Guid move, int command)
    {
        var seen = 0;
        using (DatabaseEvents.WhenExecuting(tenant.Id, _ =>
        {
            if (++seen >= command)
                throw new IOException("killed");
        }))
        {
            try
            {
                await MovingVault.RunAsync(tenant, move);
            }
            catch (IOException)
            {
                return true;
            }
        }

        return false;
    }

    private async Task AssertWholeAsync(TestTenant tenant, StoredRecording to, StoredRecording from)
    {
        var view = ViewOf(tenant);
        var (there, here) = ((await view.ManifestAsync(from.Id)).Assets.Count, (await view.ManifestAsync(to.Id)).Assets.Count);
        Assert.True((there, here) is (2, 1) or (0, 3), $"{there} files in the one and {here} in the other");
        Assert.Equal(to.Content, await view.ContentAsync(to.Id));
        Assert.Equal(from.Content, here == 3 ? await view.ContentAsync(to.Id, 1) : await view.ContentAsync(from.Id));
        Assert.Equal(here == 3, (await view.RecordingAsync(from.Id))!.TrashedAt is not null);
        Assert.Equal([here == 3 ? to.Id : from.Id], await view.RowsAsync(db => db.RecordingAssets.Where(asset => asset.SizeInBytes == Length).Select(asset => asset.RecordingId).ToListAsync(Ct)));
    }

    /// <summary>A piece that was put when the run died before its row is nobody's: the sweep deletes it a day later, and nothing else.</summary>
    private async Task AssertSweptAsync(IEnumerable<(TestTenant Tenant, Guid To)> moved)
    {
        Vault.Clock.Advance(TimeSpan.FromHours(30));
        foreach (var (tenant, to) in moved)
        {
            await ViewOf(tenant).InScopeAsync(async services =>
            {
                await services.GetRequiredService<UploadSweep>().RunAsync(Ct);
                return true;
            });
            var bound = (await ViewOf(tenant).ManifestAsync(to)).Assets.SelectMany(asset => asset.Segments).Select(segment => segment.ObjectId).Order();
            Assert.Equal(bound, (await ViewOf(tenant).ObjectsAsync(to)).Where(found => found.Role is ObjectRole.OriginalSegment or ObjectRole.Chat).Select(found => found.ObjectId).Order());
        }
    }
}
