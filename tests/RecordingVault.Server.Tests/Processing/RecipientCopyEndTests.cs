using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Uploads.Finishing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>When a copy for one recipient leaves no more, and what becomes of it: with the real tools, and nobody at work but the tests.</summary>
public sealed class RecipientCopyEndTests : RecipientCopyVault
{
    /// <summary>Bytes: more than lies in the buffers between a server that sends and a reader that stands still.</summary>
    private const long TooMuchForBuffers = 12_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_tag_has_it_made_anew_and_shows_the_old_one_no_more()
    {
        var recording = await PutAsync("plain.mp4");
        await TagChanges.LoosenFileAsync(recording, Ct);
        var link = await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } });
        await RunAsync(link);
        var (first, visitor) = (await FileAsync(link), await OpenAsync(link));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);

        await TagChanges.TagAsync(recording, UsageTag.NoAiTraining, Ct);

        Assert.Equal("waiting", await StateAsync(link));
        using (var outdated = await visitor.GetAsync($"{link.PublicPath}/content", Ct))
            Assert.Equal("copy-being-made", await SharedLink.SlugAsync(outdated, Ct));
        await SweepAsync();
        await RunAsync(link);
        Assert.Equal("done", await StateAsync(link));
        Assert.NotEqual(first, await FileAsync(link));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);
    }

    [Fact]
    public async Task What_runs_is_cut_when_the_mark_is_turned_on_and_when_the_name_changes()
    {
        var path = await MediaSamples.MakeAsync("busy.mp4", "-f lavfi -i testsrc2=size=1280x720:rate=25:duration=5 -vf noise=alls=90:allf=t -pix_fmt yuv420p -c:v libx264 -preset ultrafast -b:v 60M");
        var recording = await PutBytesAsync(await File.ReadAllBytesAsync(path, Ct), "video/mp4");
        var link = await MakeAsync(recording, new { recipientName = "Anna", allowDownload = true });
        var visitor = await OpenAsync(link);

        // The film as it is, until its link is given a mark.
        await AssertIsCutAsync(link, visitor, "content", () => link.ChangeAsync(new { visibleMark = new { } }, Ct));
        await RunAsync(link);
        Assert.Equal("done", await StateAsync(link));
        await AssertIsCutAsync(link, visitor, "content", () => link.ChangeAsync(new { recipientName = "Anna Ruiz" }, Ct));
        await RunAsync(link);
        await AssertIsCutAsync(link, visitor, "download", () => link.ChangeAsync(new { visibleMark = (object?)null }, Ct));

        // Whoever was cut off had a moment for it: nothing was taken from under him, and nothing is told as damage.
        Assert.False(await Tenant.HasEventAsync("content.damaged", recording.Id, Ct));
    }

    [Fact]
    public async Task Pictures_of_the_film_go_on_no_more_once_the_link_has_a_mark()
    {
        var recording = await PutAsync("plain.mp4");
        await using (var making = Tenant.Enter())
            await MakingJobs.RunAsync(making.ServiceProvider, recording.Id, Ct);
        await using var scope = Tenant.Enter();
        var (db, check) = (scope.ServiceProvider.GetRequiredService<VaultDbContext>(), scope.ServiceProvider.GetRequiredService<ReleaseCheck>());
        var made = await db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recording.Id).ToDictionaryAsync(asset => asset.Id, asset => asset.Role, Ct);
        var row = await db.Recordings.AsNoTracking().SingleAsync(row => row.Id == recording.Id, Ct);
        async Task<IEnumerable<ObjectRole>> HeldAsync(Guid? copy) =>
            (await check.HeldAsync(new ReleaseFinding(ReleaseVerdict.Allowed, row, null, MayKeep: false) { OnlyCopy = copy }, ReleasePurpose.Preview, recording.Id, made.Keys, Ct)).Select(id => made[id]);

        ObjectRole[] pictures = [ObjectRole.Poster, ObjectRole.Thumbnails];
        Assert.Empty(pictures.Except(await HeldAsync(null)));
        Assert.Empty(pictures.Intersect(await HeldAsync(Guid.NewGuid())));
        Assert.Contains(ObjectRole.Waveform, await HeldAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task Taken_away_it_lies_there_until_whoever_reads_it_was_cut_off()
    {
        var recording = await PutAsync("plain.mp4");
        var link = await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } });
        await RunAsync(link);
        var all = await ObjectsAsync(recording);

        (await link.ChangeAsync(new { visibleMark = (object?)null }, Ct)).EnsureSuccessStatusCode();
        await SweepAsync();
        Assert.Equal(all, await ObjectsAsync(recording));

        await ChangeAsync(link, set => set.SetProperty(copy => copy.NotBefore, DateTimeOffset.UnixEpoch));
        await SweepAsync();
        Assert.Equal(await BoundAsync(recording), await ObjectsAsync(recording));
    }

    [Fact]
    public async Task A_run_whose_copy_nobody_wants_any_more_ends_and_is_not_waited_for()
    {
        var path = await MediaSamples.MakeAsync("long.mp4", "-f lavfi -i testsrc2=size=1280x720:rate=30:duration=25 -vf noise=alls=30:allf=t -pix_fmt yuv420p -c:v libx264 -preset ultrafast");
        var link = await MakeAsync(await PutBytesAsync(await File.ReadAllBytesAsync(path, Ct), "video/mp4"), new { recipientName = "Anna", visibleMark = new { } });
        var whole = Stopwatch.StartNew();
        await RunAsync(link);
        whole.Stop();
        Assert.Equal("done", await StateAsync(link));
        (await link.ChangeAsync(new { recipientName = "Ben" }, Ct)).EnsureSuccessStatusCode();

        var second = RunAsync(link);
        await UntilAsync(async () => await StateAsync(link) == "running");
        var left = Stopwatch.StartNew();
        (await link.ChangeAsync(new { recipientName = "Clara" }, Ct)).EnsureSuccessStatusCode();
        await second;

        Assert.True(left.Elapsed < whole.Elapsed * 0.6, $"It went on for {left.Elapsed.TotalSeconds:F1} s; a whole run takes {whole.Elapsed.TotalSeconds:F1} s.");
        Assert.Equal("waiting", await StateAsync(link));
    }

    [Fact]
    public async Task A_damaged_row_is_made_anew_and_keeps_no_other_copy_waiting()
    {
        var recording = await PutAsync("plain.mp4");
        SharedLink[] links = [await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } }), await MakeAsync(recording, new { recipientName = "Ben", visibleMark = new { } })];
        var (link, other) = await ComesFirstAsync(links[0]) ? (links[0], links[1]) : (links[1], links[0]);
        await RunAsync(link);
        await RunAsync(other);
        var (visitor, first) = (await OpenAsync(link), await FileAsync(link));
        await ExchangePartsAsync(link, other);

        using (var damaged = await visitor.GetAsync($"{link.PublicPath}/content", Ct))
            Assert.Equal("damaged", await SharedLink.SlugAsync(damaged, Ct));
        Assert.Equal("waiting", await StateAsync(link));
        await RunAsync(link);
        Assert.Equal("done", await StateAsync(link));
        Assert.NotEqual(first, await FileAsync(link));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);

        // A link that is over, whose copy nobody finds: it is forgotten, and the sweep goes on to the next.
        await ExchangePartsAsync(link, other);
        var bens = await OwnAsync(other);
        foreach (var one in new[] { link, other })
            await ChangeAsync(one, set => set.SetProperty(copy => copy.IsWanted, false));
        await SweepAsync();
        Assert.Empty((await ObjectsAsync(recording)).Intersect(bens));
    }

    [Fact]
    public async Task Of_a_film_that_was_moved_away_no_copy_stays()
    {
        var recording = await PutAsync("plain.mp4");
        var link = await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } });
        await RunAsync(link);
        Guid? elsewhere = Guid.CreateVersion7();
        await ChangeAsync(link, set => set.SetProperty(copy => copy.MadeOf, elsewhere));

        // At the first sweep it is given to nobody any more, at the next it goes: by then whoever read it was cut off.
        await SweepAsync();
        Assert.Equal("waiting", await StateAsync(link));
        Assert.NotEqual(await BoundAsync(recording), await ObjectsAsync(recording));
        await SweepAsync();
        Assert.Equal(await BoundAsync(recording), await ObjectsAsync(recording));
    }

    [Fact]
    public async Task What_a_killed_worker_left_is_swept_after_a_day_and_nothing_else()
    {
        var recording = await PutAsync("plain.mp4");
        var link = await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } });
        await RunAsync(link);
        var (all, view) = (await ObjectsAsync(recording), new VaultView(Vault, Tenant.Id));
        var film = (await view.ObjectsAsync(recording.Id)).First(found => found.Role == ObjectRole.Rendition);
        var orphan = view.FileOf(film).Replace($"{film.ObjectId}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal);
        File.Copy(view.FileOf(film), orphan);

        await SweepUploadsAsync();
        Assert.True(File.Exists(orphan));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(orphan)!))
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        await SweepUploadsAsync();

        Assert.False(File.Exists(orphan));
        Assert.Equal(all, await ObjectsAsync(recording));
        Assert.Equal(HttpStatusCode.OK, (await (await OpenAsync(link)).GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
            await Task.Delay(50, Ct);
    }

    /// <summary>What stands still in the midst of being sent is cut by the change, and not only when its reader goes on.</summary>
    private async Task AssertIsCutAsync(SharedLink link, Visitor visitor, string what, Func<Task<HttpResponseMessage>> change)
    {
        await using var reader = await SlowReader.GetAsync(Vault.Address, $"{link.PublicPath}/{what}", $"Cookie: {visitor.CookieHeader}\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-For: {visitor.Address}", Ct);
        Assert.Equal(200, reader.Status);
        Assert.InRange(reader.ContentLength, TooMuchForBuffers, long.MaxValue);
        await reader.ReadAsync(200_000, Ct);

        (await change()).EnsureSuccessStatusCode();
        await UntilAsync(() => Task.FromResult(!Vault.Services.GetRequiredService<RunningReleases>().Tenants.Any(tenant => tenant.TenantId == Tenant.Id && !tenant.Running.IsEmpty)));

        Assert.True(await reader.ReadUntilCutAsync(Ct));
        Assert.True(reader.Received < reader.ContentLength);
    }

    /// <summary>Puts into a link's row what is sealed for another one's: it opens there alone.</summary>
    private async Task ExchangePartsAsync(SharedLink link, SharedLink other)
    {
        SealedText? parts;
        await using (var scope = Tenant.Enter())
            parts = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecipientCopies.Where(copy => copy.Id == other.Id).Select(copy => copy.Parts).SingleAsync(Ct);
        await ChangeAsync(link, set => set.SetProperty(copy => copy.Parts, parts));
    }

    /// <summary>Whether the sweep comes to it before the others.</summary>
    private async Task<bool> ComesFirstAsync(SharedLink link)
    {
        await using var scope = Tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecipientCopies.OrderBy(copy => copy.Id).Select(copy => copy.Id).FirstAsync(Ct) == link.Id;
    }

    /// <summary>Where a copy lies.</summary>
    private async Task<IReadOnlyList<Guid>> OwnAsync(SharedLink link)
    {
        await using var scope = Tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<Features.Keys.TenantKeys>().RecordingKeyAsync(link.Recording.Id, Ct);
        var copy = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecipientCopies.AsNoTracking().SingleAsync(copy => copy.Id == link.Id, Ct);
        return [.. CopyParts.Of(copy, key)!.Objects().Select(one => one.ObjectId)];
    }

    private async Task SweepUploadsAsync()
    {
        await using var scope = Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<UploadSweep>().RunAsync(Ct);
    }
}
