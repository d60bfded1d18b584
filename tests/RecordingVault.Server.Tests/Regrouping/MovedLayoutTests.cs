using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>What hangs on a file when it moves: its layout goes along, and packages that it lies in end.</summary>
public sealed class MovedLayoutTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task A_layout_moves_with_its_file_which_leaves_marked_as_before_and_is_not_laid_out_again()
    {
        var (tenant, to, from) = await WavesAsync();
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        var before = await client.GetByteArrayAsync(from.Path + "/content", Ct);

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        var originals = await ViewOf(tenant).RowsAsync(db => db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == to.Id && asset.Role == ObjectRole.OriginalSegment).Select(asset => asset.Id).ToListAsync(Ct));
        var moved = Assert.Single(originals, id => id != to.Asset.Id);
        var layouts = await ViewOf(tenant).RowsAsync(db => db.RecordingAssets.AsNoTracking().Where(asset => asset.Role == ObjectRole.Layout && asset.DerivedFrom == moved).ToListAsync(Ct));
        Assert.Equal((to.Id, LayoutMedia.LaidOut), (Assert.Single(layouts).RecordingId, layouts[0].MediaType));
        Assert.False(await ViewOf(tenant).RowsAsync(db => LayoutMaking.Due(db).AnyAsync(asset => asset.RecordingId == to.Id, Ct)));
        Assert.Contains((await ViewOf(tenant).ManifestAsync(to.Id)).Assets, asset => asset.Id == layouts[0].Id);
        Assert.Equal(before, await client.GetByteArrayAsync($"{to.Path}/content?asset={moved}", Ct));
        Assert.DoesNotContain(await ViewOf(tenant).ObjectsAsync(from.Id), found => found.Role == ObjectRole.Layout);
    }

    [Fact]
    public async Task Packages_of_a_recording_that_is_merged_away_end_with_key_and_bytes_and_others_stay()
    {
        var (tenant, to, from) = await WavesAsync();
        var (gone, stays) = (await PackedRecording.MakeAsync(tenant, Ct, from.Id), await PackedRecording.MakeAsync(tenant, Ct, to.Id));

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        await AssertEndedAsync(tenant, gone);
        using var kept = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/exports/{stays}/download", Ct);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
    }

    [Fact]
    public async Task Packages_of_a_recording_that_is_split_end_with_key_and_bytes()
    {
        var (tenant, recording, _) = await WavesAsync();
        var chat = await Vault.AddAsync(tenant, recording.Id, ObjectRole.Chat, "we meet at the jetty", "chat.txt");
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);

        var (move, _) = await SplitAsync(tenant, recording.Id, chat);
        await Vault.FinishAsync(tenant, move);

        await AssertEndedAsync(tenant, id);
    }

    [Fact]
    public async Task A_layout_that_nothing_binds_is_swept_a_day_later_though_nobody_remembers_an_upload()
    {
        var (tenant, recording, _) = await WavesAsync();
        await ViewOf(tenant).InScopeAsync(async services =>
        {
            using var key = await services.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
            await ViewOf(tenant).Store.PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Layout, LayoutMedia.LaidOut, new MemoryStream(new byte[1_000]), Ct);
            return true;
        });
        var bound = (await ViewOf(tenant).ManifestAsync(recording.Id)).Assets.Single(asset => asset.Role == ObjectRole.Layout).Segments.Select(segment => segment.ObjectId).ToList();
        Assert.Equal(bound.Count + 1, await LayoutsAsync());
        // The files of the store have the machine's time, and the vault's clock may be days ahead of it.
        foreach (var layout in (await ViewOf(tenant).ObjectsAsync(recording.Id)).Where(found => found.Role == ObjectRole.Layout))
            File.SetLastWriteTimeUtc(ViewOf(tenant).FileOf(layout), Vault.Clock.GetUtcNow().UtcDateTime);

        Vault.Clock.Advance(TimeSpan.FromHours(20));
        await InScopeAsync(tenant, services => services.GetRequiredService<UploadSweep>().RunAsync(Ct));
        Assert.Equal(bound.Count + 1, await LayoutsAsync());
        Vault.Clock.Advance(TimeSpan.FromHours(10));
        await InScopeAsync(tenant, services => services.GetRequiredService<UploadSweep>().RunAsync(Ct));

        Assert.Equal(bound, (await ViewOf(tenant).ObjectsAsync(recording.Id)).Where(found => found.Role == ObjectRole.Layout).Select(found => found.ObjectId));

        async Task<int> LayoutsAsync() => (await ViewOf(tenant).ObjectsAsync(recording.Id)).Count(found => found.Role == ObjectRole.Layout);
    }

    private async Task<(TestTenant Tenant, StoredRecording To, StoredRecording From)> WavesAsync()
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Ct);
        var (to, from) = (await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct, samples: 9_000));
        Vault.CatchUp();
        return (tenant, to, from);
    }

    private async Task AssertEndedAsync(TestTenant tenant, Guid id)
    {
        using var fetched = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/exports/{id}/download", Ct);
        Assert.Equal((HttpStatusCode.Gone, "export-ended"), (fetched.StatusCode, await SharedLink.SlugAsync(fetched, Ct)));
        await using (var scope = Vault.Vault.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepExportsJob>>().RunAsync(Ct);
        Assert.False(await ViewOf(tenant).RowsAsync(db => db.KeyWraps.AnyAsync(wrap => wrap.Kind == KeyKind.Export && wrap.OwnerId == id, Ct)));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(tenant.Vault.DataDirectory, "store"), "*", SearchOption.AllDirectories), path => path.Contains($"{id}", StringComparison.Ordinal));
    }
}
