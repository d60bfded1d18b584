using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>
/// An upload's manifest is put, and before the row says so the process dies, or another node ends the upload. What whoever reads the store alone takes then has every
/// segment that it names, whatever becomes of the upload.
/// </summary>
public sealed class KilledAtTheEndTests(SharedVault shared)
{
    private static readonly byte[] s_film = Footage.Make(50_000);
    private static readonly byte[] s_second = Footage.Make(Footage.Segment + 20_000, seed: 2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_before_the_commit_it_is_ended_and_the_recording_is_whole_for_whoever_reads_the_store_alone()
    {
        var (tenant, tus, recording) = await BeginAsync();
        var address = await KillAsync(tenant, tus, recording);
        Assert.Equal([s_film.Length, s_second.Length], await ReadBucketAsync(tenant, recording));

        using var ended = await tus.DeleteAsync(address, Ct);

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal([s_film.Length], await ReadBucketAsync(tenant, recording));
        Assert.Equal(s_film, await ViewOf(tenant).ContentAsync(recording));
        await AssertNoStrayAsync(tenant, recording);
        Assert.Equal(0, await ViewOf(tenant).RowsAsync(db => db.Uploads.CountAsync(upload => upload.Id == TusClient.IdOf(address), Ct)));
        Assert.True(await tenant.HasEventAsync("manifest.committed", recording, Ct));
    }

    [Fact]
    public async Task Killed_before_the_commit_it_goes_on_and_is_finished()
    {
        var (tenant, tus, recording) = await BeginAsync();
        var address = await KillAsync(tenant, tus, recording);

        var offset = (int)await tus.OffsetAsync(address, Ct);
        Assert.Equal(s_second.Length - 10_000, offset);
        Assert.Equal(s_second.Length, await tus.AppendAsync(address, offset, s_second[offset..], Ct));

        Assert.Equal([s_film.Length, s_second.Length], await ReadBucketAsync(tenant, recording));
        Assert.Equal(s_second, await ViewOf(tenant).ContentAsync(recording, 1));
        await AssertNoStrayAsync(tenant, recording);
    }

    [Fact]
    public async Task Moved_on_elsewhere_between_put_and_commit_it_leaves_no_manifest_that_names_what_is_gone()
    {
        var (tenant, tus, recording) = await BeginAsync();
        var (address, offset) = await BeginSecondAsync(tus, recording);
        using (AtCommitOf(tenant, recording, db => db.Uploads.Where(upload => upload.Id == TusClient.IdOf(address)).ExecuteUpdate(set => set.SetProperty(upload => upload.Version, upload => upload.Version + 1))))
        {
            using var refused = await tus.PatchAsync(address, offset, s_second[(int)offset..], Ct);
            Assert.Equal("upload-taken-over", await TusClient.SlugAsync(refused, 423, Ct));
        }

        Assert.Equal([s_film.Length], await ReadBucketAsync(tenant, recording));
        await AssertNoStrayAsync(tenant, recording);
        await tus.AppendAsync(address, offset, s_second[(int)offset..], Ct);
        Assert.Equal([s_film.Length, s_second.Length], await ReadBucketAsync(tenant, recording));
    }

    private VaultView ViewOf(TestTenant tenant) => new(shared.Vault, tenant.Id);

    /// <summary>A recording with a film in it, so that it stays whatever becomes of the next file.</summary>
    private async Task<(TestTenant Tenant, TusClient Tus, Guid Recording)> BeginAsync()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(s_film.Length, Ct);
        await tus.AppendAsync(address, 0, s_film, Ct);
        // It commits a manifest of its own, which must not come between.
        await ViewOf(tenant).InScopeAsync(async services =>
        {
            await services.GetRequiredService<LayoutMaking>().RunAsync(recording, Ct);
            return true;
        });
        return (tenant, tus, recording);
    }

    /// <summary>Another file, of which the first segment and a tail are acknowledged.</summary>
    private static async Task<(string Address, long Offset)> BeginSecondAsync(TusClient tus, Guid recording)
    {
        var (address, _) = await tus.BeginAsync(s_second.Length, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = "second.mp4", ["recording"] = $"{recording}" });
        return (address, await tus.AppendAsync(address, 0, s_second[..^10_000], Ct));
    }

    private async Task<string> KillAsync(TestTenant tenant, TusClient tus, Guid recording)
    {
        var (address, offset) = await BeginSecondAsync(tus, recording);
        using (AtCommitOf(tenant, recording, _ => throw new InvalidOperationException("killed")))
        {
            using var broken = await tus.PatchAsync(address, offset, s_second[(int)offset..], Ct);
            Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        }

        return address;
    }

    /// <summary>Acts when the transaction begins that would commit a manifest that lies there.</summary>
    private DatabaseEvents AtCommitOf(TestTenant tenant, Guid recording, Action<VaultDbContext> act)
    {
        var before = Manifests(tenant, recording);
        return DatabaseEvents.WhenTransactionStarted(tenant.Id, db =>
        {
            if (Manifests(tenant, recording).Except(before, StringComparer.Ordinal).Any())
                act(db);
        });
    }

    private List<string> Manifests(TestTenant tenant, Guid recording) =>
        [.. Directory.EnumerateFiles(Path.Combine(shared.Vault.DataDirectory, "store", "t", $"{tenant.Id}"), "*", SearchOption.AllDirectories)
            .Where(name => name.Contains($"{recording}", StringComparison.Ordinal) && name.Contains("/manifest/", StringComparison.Ordinal))];

    /// <summary>The length of each file, every byte of it read, for whoever has the bucket and the root key and no database.</summary>
    private static Task<IReadOnlyList<long>> ReadBucketAsync(TestTenant tenant, Guid recording) => BucketView.LengthsAsync(tenant, recording, Ct);

    private async Task AssertNoStrayAsync(TestTenant tenant, Guid recording)
    {
        // A layout that is being made puts one too, and commits it.
        Assert.True(await ViewOf(tenant).ComesTrueAsync(
            async db =>
            {
                var row = await db.Recordings.AsNoTracking().SingleAsync(row => row.Id == recording, Ct);
                return (await ViewOf(tenant).ObjectsAsync(recording)).Where(found => found.Role == ObjectRole.Manifest).All(found => !ManifestRestating.IsAbove(found, row));
            },
            TimeSpan.FromSeconds(20)));
    }
}
