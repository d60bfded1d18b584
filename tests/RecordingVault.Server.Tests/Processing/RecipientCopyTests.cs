using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>The copy with a visible mark that is made for one link: with the real tools, and nobody at work but the tests.</summary>
public sealed class RecipientCopyTests : RecipientCopyVault
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_words_stand_where_they_are_drawn_and_the_film_everywhere_else()
    {
        var recording = await PutAsync("plain.mp4");
        var link = await MakeAsync(recording, new { recipientName = "Anna Ruiz", allowDownload = true, visibleMark = new { } });
        var visitor = await OpenAsync(link);

        // Until it is made nothing of the film is shown, and the page says what it waits for.
        Assert.Equal("waiting", await StateAsync(link));
        using (var early = await visitor.GetAsync($"{link.PublicPath}/content", Ct))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "copy-being-made"), (early.StatusCode, await SharedLink.SlugAsync(early, Ct)));
        Assert.Contains("waits to be made", await (await visitor.LoadAsync(link.Id, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        await RunAsync(link);

        Assert.Equal("done", await StateAsync(link));
        var page = await (await visitor.LoadAsync(link.Id, Ct)).Content.ReadAsStringAsync(Ct);
        Assert.Contains($"{link.PublicPath}/content?asset={await FileAsync(link)}", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"{link.PublicPath}/poster", page, StringComparison.Ordinal);
        var shown = await ReadAsync(visitor, $"{link.PublicPath}/content");
        var (original, copy) = (await MediaSamples.PathAsync("plain.mp4", Ct), await DrawnPictures.KeepAsync(shown));
        // Behind the slate: the corner holds the words, and the rest is the film but for what encoding costs.
        Assert.True(await DrawnPictures.DifferenceAsync(original, copy, 3.5, y: 4, height: 22) > 20, "The corner mark is missing.");
        // The sample moves and is full of noise: encoded twice it differs by some nine of 255, and a still film by next to nothing (below).
        Assert.InRange(await DrawnPictures.DifferenceAsync(original, copy, 3.5, y: 60, height: 120), 0, 12);
        // Under it: black, with letters in the middle, and as long as the film.
        var slate = await DrawnPictures.PixelsAsync(copy, 1, y: 40, height: 140);
        Assert.True(slate.Count(pixel => pixel < 40) > 0.85 * slate.Length, "The slate is not opaque.");
        Assert.Contains(slate, pixel => pixel > 200);
        var length = double.Parse(await MediaSamples.AskAsync(copy, "format=duration", Ct), CultureInfo.InvariantCulture);
        Assert.InRange(length, 3.8, 4.3);

        var kept = await ReadAsync(visitor, $"{link.PublicPath}/download");
        Assert.True(await SignedFile.IsValidAsync(Vault, kept, "video/mp4", UsageTag.NoTdm, Ct));
        SignedFile.AssertOnlyTheFrontDiffers(shown, kept);
        var events = await Tenant.EventsAsync(Ct);
        Assert.True(await Tenant.HasEventAsync("share.copy-made", link.Id, Ct));
        Assert.Contains(events, line => line.GetProperty("type").GetString() == "content.released" && line.GetRawText().Contains($"{link.Id}", StringComparison.Ordinal) && line.GetRawText().Contains("\"copy\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task By_a_link_with_a_mark_leaves_nothing_but_its_own_copy()
    {
        var recording = await PutAsync("plain.mp4");
        await using (var scope = Tenant.Enter())
            await MakingJobs.RunAsync(scope.ServiceProvider, recording.Id, Ct);
        var (mine, other, plain) = (await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } }), await MakeAsync(recording, new { recipientName = "Ben", visibleMark = new { slate = false } }), await MakeAsync(recording, new { }));
        await RunAsync(mine);
        await RunAsync(other);
        var visitor = await OpenAsync(mine);

        foreach (var asset in new[] { recording.Asset.Id, await FileAsync(other) })
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"{mine.PublicPath}/content?asset={asset}", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"{other.PublicPath}/content", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"{mine.PublicPath}/poster", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"{mine.PublicPath}/thumbnails", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{mine.PublicPath}/waveform", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{mine.PublicPath}/content?asset={await FileAsync(mine)}", Ct)).StatusCode);
        var unmarked = await OpenAsync(plain);
        Assert.Equal(HttpStatusCode.NotFound, (await unmarked.GetAsync($"{plain.PublicPath}/content?asset={await FileAsync(mine)}", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await unmarked.GetAsync($"{plain.PublicPath}/poster", Ct)).StatusCode);
        var member = await Tenant.ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"{recording.Path}/content?asset={await FileAsync(mine)}", Ct)).StatusCode);
    }

    [Fact]
    public async Task Another_label_or_name_has_it_made_anew_and_shows_the_old_one_no_more()
    {
        var recording = await PutAsync("plain.mp4");
        await using (var scope = Tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Label, ConfidentialityLabel.Internal), Ct);
        var link = await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } });
        await RunAsync(link);
        var (first, objects) = (await FileAsync(link), await ObjectsAsync(recording));
        var visitor = await OpenAsync(link);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);

        var owner = await Tenant.ClientAsync(Role.Owner, Ct);
        (await owner.PutAsJsonAsync($"{recording.Path}/label", new { label = "confidential" }, Ct)).EnsureSuccessStatusCode();
        Assert.Equal("waiting", await StateAsync(link));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);
        await RunAsync(link);
        var second = await FileAsync(link);
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);
        Assert.Empty((await ObjectsAsync(recording)).Intersect(objects.Except(await BoundAsync(recording))));

        (await link.ChangeAsync(new { recipientName = "Anna Ruiz" }, Ct)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await visitor.GetAsync($"{link.PublicPath}/content", Ct)).StatusCode);
        await RunAsync(link);
        Assert.NotEqual(second, await FileAsync(link));
        // What says nothing of the mark leaves it alone.
        (await link.ChangeAsync(new { note = "sent on Friday" }, Ct)).EnsureSuccessStatusCode();
        Assert.Equal("done", await StateAsync(link));

        (await link.ChangeAsync(new { visibleMark = (object?)null }, Ct)).EnsureSuccessStatusCode();
        Assert.Equal(recording.Leaves, await ReadAsync(visitor, $"{link.PublicPath}/content"));
        // Whoever still reads by it is cut off first.
        await ChangeAsync(link, set => set.SetProperty(copy => copy.NotBefore, DateTimeOffset.UnixEpoch));
        await SweepAsync();
        Assert.Equal(await BoundAsync(recording), await ObjectsAsync(recording));
    }

    [Fact]
    public async Task With_its_link_it_is_destroyed_and_with_its_recording()
    {
        var recording = await PutAsync("plain.mp4");
        var link = await MakeAsync(recording, new { recipientName = "Anna", visibleMark = new { } });
        await RunAsync(link);
        Assert.NotEqual(await BoundAsync(recording), await ObjectsAsync(recording));
        await SweepAsync();
        Assert.NotEqual(await BoundAsync(recording), await ObjectsAsync(recording));

        await link.StopAsync(Ct);
        await using (var scope = Tenant.Enter())
        {
            // Whoever still reads by it is cut off first.
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Shares.Where(share => share.Id == link.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(share => share.StoppedAt, share => DateTimeOffset.UnixEpoch), Ct);
        }

        await SweepAsync();
        Assert.Equal(await BoundAsync(recording), await ObjectsAsync(recording));
        await RunAsync(link);
        Assert.Equal("waiting", await StateAsync(link));

        (await link.ChangeAsync(new { state = "open" }, Ct)).EnsureSuccessStatusCode();
        await RunAsync(link);
        Assert.Equal("done", await StateAsync(link));
        await using (var scope = Tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            await db.Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, (DateTimeOffset?)DateTimeOffset.UnixEpoch), Ct);
            await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DestroyAsync(recording.Id, Ct);
            Assert.False(await db.RecipientCopies.AnyAsync(copy => copy.RecordingId == recording.Id, Ct));
        }

        Assert.Empty(await ObjectsAsync(recording));
    }

    [Fact]
    public async Task Whoever_was_killed_is_followed_and_whoever_was_taken_for_gone_adds_nothing()
    {
        var link = await MakeAsync(await PutAsync("plain.mp4"), new { recipientName = "Anna", visibleMark = new { } });
        CopyClaim gone;
        await using (var scope = Tenant.Enter())
        {
            var rows = scope.ServiceProvider.GetRequiredService<CopyRows>();
            gone = (await rows.ClaimAsync(link.Id, Ct))!;
            Assert.Null(await rows.ClaimAsync(link.Id, Ct));
            // The process that had claimed it was killed: its claim runs out.
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().RecipientCopies.ExecuteUpdateAsync(set => set.SetProperty(copy => copy.ClaimedUntil, DateTimeOffset.UnixEpoch), Ct);
        }

        await RunAsync(link);

        Assert.Equal("done", await StateAsync(link));
        await using (var scope = Tenant.Enter())
        {
            var services = scope.ServiceProvider;
            var rows = services.GetRequiredService<CopyRows>();
            using var key = await services.GetRequiredService<TenantKeys>().RecordingKeyAsync(link.Recording.Id, Ct);
            var copy = await services.GetRequiredService<VaultDbContext>().RecipientCopies.AsNoTracking().SingleAsync(Ct);
            await Assert.ThrowsAsync<ClaimLostException>(() => rows.FinishAsync(gone, CopyParts.Of(copy, key)!, new CopyFacts(Guid.NewGuid(), "no-tdm", "public"), key, Ct));
            await rows.FailAsync(gone, "broken-file", Ct);
            await rows.ReleaseAsync(gone, isStopped: false, Ct);
        }

        Assert.Equal("done", await StateAsync(link));
    }

    [Fact]
    public async Task What_failed_is_told_with_its_reason_and_tried_again_by_who_may()
    {
        var link = await MakeAsync(await PutAsync("call.m4a", "video/mp4"), new { recipientName = "Anna", visibleMark = new { } });
        var owner = await Tenant.ClientAsync(Role.Owner, Ct);
        Assert.Equal("copy-under-way", await SharedLink.SlugAsync(await owner.PostAsync($"{link.Path}/copy", null, Ct), Ct));
        await RunAsync(link);

        Assert.Equal("failed", await StateAsync(link));
        Assert.Equal("no-picture", (await link.ReadAsync(Ct)).GetProperty("visibleMark").GetProperty("failure").GetString());
        var visitor = await OpenAsync(link);
        Assert.Equal("copy-failed", await SharedLink.SlugAsync(await visitor.GetAsync($"{link.PublicPath}/content", Ct), Ct));
        Assert.Contains("could not be made", await (await visitor.LoadAsync(link.Id, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(Tenant.Owner, Ct);
        Assert.Contains("It holds no picture to draw on.", await (await browser.GetAsync($"/shares/{link.Id}", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await (await Tenant.ClientAsync(Role.Viewer, Ct)).PostAsync($"{link.Path}/copy", null, Ct)).StatusCode);
        var stranger = await (await TestTenant.CreateAsync(Vault, Ct)).ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"{link.Path}/copy", null, Ct)).StatusCode);
        Assert.False(await Tenant.HasEventAsync("share.copy-begun-anew", link.Id, Ct));
        Assert.Equal(HttpStatusCode.Found, (await browser.PostFormAsync($"/shares/{link.Id}/copy", [], Ct, page: $"/shares/{link.Id}")).StatusCode);
        Assert.Equal("waiting", await StateAsync(link));
        await RunAsync(link);
        Assert.Equal(HttpStatusCode.Accepted, (await owner.PostAsync($"{link.Path}/copy", null, Ct)).StatusCode);
        Assert.True(await Tenant.HasEventAsync("share.copy-begun-anew", link.Id, Ct));
        var plain = await MakeAsync(link.Recording, new { });
        Assert.Equal("no-visible-mark", await SharedLink.SlugAsync(await owner.PostAsync($"{plain.Path}/copy", null, Ct), Ct));
    }

    [Theory]
    [InlineData("""{"visibleMark":{}}""", "recipientName")]
    [InlineData("""{"visibleMark":{},"recipientName":"\n\u202e "}""", "recipientName")]
    [InlineData("""{"visibleMark":{"slate":false,"corner":false},"recipientName":"Anna"}""", "visibleMark")]
    [InlineData("""{"visibleMark":{"language":"fr"},"recipientName":"Anna"}""", "visibleMark.language")]
    [InlineData("""{"visibleMark":{},"recipientName":"Anna"}""", "visibleMark", "audio/mpeg")]
    public async Task A_mark_that_can_not_be_drawn_is_refused_by_its_name(string body, string field, string mediaType = "video/mp4")
    {
        var recording = await PutAsync(mediaType == "video/mp4" ? "plain.mp4" : "call.mp3", mediaType);
        var owner = await Tenant.ClientAsync(Role.Owner, Ct);

        using var answer = await owner.PostAsync(recording.Path + "/shares", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        // The same of a link that is there.
        var link = await MakeAsync(recording, new { });
        using var change = await owner.PatchAsync(link.Path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(field, (await change.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Forms_offer_it_for_a_film_and_take_it_away_again()
    {
        var (recording, sound) = (await PutAsync("plain.mp4"), await PutAsync("call.mp3", "audio/mpeg"));
        using var browser = new TestBrowser(Vault);
        await browser.SignInAsync(Tenant.Owner, Ct);
        var form = $"/recordings/{recording.Id}/share";
        Assert.Contains("name=\"corner\"", await (await browser.GetAsync(form, Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"corner\"", await (await browser.GetAsync($"/recordings/{sound.Id}/share", Ct)).Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var nobody = await browser.PostFormAsync(form, [("days", "14"), ("may", "watch"), ("corner", "true")], Ct, page: form);
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        using var made = await browser.PostFormAsync(form, [("recipientName", "Anna"), ("days", "14"), ("may", "watch"), ("corner", "true"), ("markLanguage", "de")], Ct, page: form);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var owner = await Tenant.ClientAsync(Role.Owner, Ct);
        async Task<JsonElement> LinkAsync() => Assert.Single((await owner.GetFromJsonAsync<JsonElement>($"{recording.Path}/shares", Ct)).GetProperty("items").EnumerateArray());
        var link = await LinkAsync();
        Assert.Equal("""{"slate":false,"corner":true,"language":"de","state":"waiting","percent":0,"failure":null}""", link.GetProperty("visibleMark").GetRawText());

        var page = $"/shares/{link.GetProperty("id").GetGuid()}";
        using var changed = await browser.PostFormAsync(page, [("recipientName", "Anna"), ("marks", "shown")], Ct, page: page);
        Assert.Equal(HttpStatusCode.Found, changed.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await LinkAsync()).GetProperty("visibleMark").ValueKind);
    }

    [Fact]
    public async Task A_name_is_drawn_letter_by_letter_whatever_stands_in_it()
    {
        const string Film = "still.mp4";
        var path = await MediaSamples.MakeAsync(Film, "-f lavfi -i color=gray:size=320x180:rate=10:duration=5 -pix_fmt yuv420p -c:v libx264");
        var recording = await PutBytesAsync(await File.ReadAllBytesAsync(path, Ct), "video/mp4");
        var frames = new List<byte[]>();
        foreach (var name in new[] { "x", "%{pts}", """it's: "a\b", [c]; '%%' ${d} \n""", "محمد علي, אבג", "one\ntwo\r\n\tthree" })
        {
            var link = await MakeAsync(recording, new { recipientName = name, visibleMark = new { } });
            await RunAsync(link);
            Assert.Equal("done", await StateAsync(link));
            var copy = await DrawnPictures.KeepAsync(await ReadAsync(await OpenAsync(link), $"{link.PublicPath}/content"));
            // Nothing in it counts or changes: the picture of a second later is the same.
            Assert.InRange(DrawnPictures.Mean(await DrawnPictures.PixelsAsync(copy, 3.5), await DrawnPictures.PixelsAsync(copy, 4.5)), 0, 1.5);
            frames.Add(await DrawnPictures.PixelsAsync(copy, 3.5, y: 0, height: 60));
            Assert.InRange(await DrawnPictures.DifferenceAsync(path, copy, 3.5, y: 90, height: 90), 0, 3);
        }

        for (var one = 0; one < frames.Count; one++)
        {
            for (var other = 0; other < one; other++)
                Assert.True(DrawnPictures.Mean(frames[one], frames[other]) > 0.4, $"The names {one} and {other} look alike.");
        }
    }
}
