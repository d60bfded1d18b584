using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Processing.Fronts;
using RecordingVault.Server.Features.Recordings.Emptying;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>What is kept carries both marks: a download is the file of a view with a front that was signed for it, and no other front ever leaves.</summary>
public sealed class SignedDownloadTests(SharedVault shared)
{
    private const int Length = 400_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_is_not_signed_and_a_download_differs_from_it_in_its_front_alone()
    {
        var recording = await PutAsync();

        var kept = await BytesAsync(recording);
        var viewed = await BytesAsync(recording, "/content");

        Assert.Equal(recording.Leaves, viewed);
        SignedFile.AssertOnlyTheFrontDiffers(recording.Leaves, kept);
        Assert.True(await SignedFile.IsValidAsync(shared.Vault, kept, "video/mp4", UsageTag.NoTdm, Ct));
    }

    [Fact]
    public async Task HEAD_whole_and_ranges_agree_on_one_length_and_one_ETag()
    {
        var recording = await PutAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        using var head = await owner.SendAsync(new HttpRequestMessage(HttpMethod.Head, recording.Path + "/download"), Ct);
        using var whole = await GetAsync(owner, recording.Path + "/download");
        var bytes = await whole.Content.ReadAsByteArrayAsync(Ct);

        var joined = new MemoryStream();
        var seams = new[] { 0, 24, 25, 10_000, 24 + 65_536, StoredRecording.SegmentLength + 65_536, Length };
        foreach (var (from, to) in seams.Zip(seams.Skip(1)))
        {
            using var part = await GetAsync(owner, recording.Path + "/download", ("Range", $"bytes={from}-{to - 1}"), ("If-Range", whole.Headers.ETag!.Tag));
            Assert.Equal((HttpStatusCode.PartialContent, whole.Headers.ETag), (part.StatusCode, part.Headers.ETag));
            Assert.Equal($"bytes {from}-{to - 1}/{Length}", part.Content.Headers.ContentRange!.ToString());
            await part.Content.CopyToAsync(joined, Ct);
        }

        Assert.Equal((HttpStatusCode.OK, Length, whole.Headers.ETag), (head.StatusCode, head.Content.Headers.ContentLength, head.Headers.ETag));
        Assert.Equal((Length, Length), (whole.Content.Headers.ContentLength, bytes.Length));
        Assert.Equal(bytes, joined.ToArray());
    }

    [Fact]
    public async Task Another_tag_is_another_front_and_another_ETag_and_moves_nothing_and_the_old_front_is_deleted()
    {
        var recording = await PutAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        await TagChanges.LoosenFileAsync(recording, Ct);
        await TagChanges.TagAsync(recording, UsageTag.NoAiTraining, Ct);
        using var before = await GetAsync(owner, recording.Path + "/download");
        var first = await before.Content.ReadAsByteArrayAsync(Ct);
        var outdated = Assert.Single(await FrontsAsync(recording));

        await TagChanges.TagAsync(recording, UsageTag.NoTdm, Ct);
        using var resumed = await GetAsync(owner, recording.Path + "/download", ("Range", "bytes=200000-"), ("If-Range", before.Headers.ETag!.Tag));
        var second = await resumed.Content.ReadAsByteArrayAsync(Ct);

        Assert.True(await SignedFile.IsValidAsync(shared.Vault, first, "video/mp4", UsageTag.NoAiTraining, Ct));
        Assert.Equal((HttpStatusCode.OK, first.Length), (resumed.StatusCode, second.Length));
        Assert.True(await SignedFile.IsValidAsync(shared.Vault, second, "video/mp4", UsageTag.NoTdm, Ct));
        Assert.NotEqual(before.Headers.ETag, resumed.Headers.ETag);
        SignedFile.AssertOnlyTheFrontDiffers(recording.Leaves, second);
        Assert.True(first.AsSpan(24 + 65_536).SequenceEqual(second.AsSpan(24 + 65_536)));
        Assert.NotEqual(outdated, Assert.Single(await FrontsAsync(recording)));
    }

    [Fact]
    public async Task The_log_names_the_carriers_the_front_and_the_whole_file()
    {
        var recording = await PutAsync();

        var bytes = await BytesAsync(recording);
        await BytesAsync(recording);

        var told = Assert.Single(await recording.Tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "content.released").GetProperty("details");
        Assert.Equal(("download", "no-tdm", "http xmp c2pa"), (Word(told, "purpose"), Word(told, "tag"), Word(told, "carriers")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(SignedFile.Front(bytes))), Word(told, "front"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), Word(told, "sha256"));
    }

    [Fact]
    public async Task Who_may_not_download_has_nothing_signed_for_him()
    {
        var link = await SharedLink.MakeAsync(await PutAsync(), Ct);
        var recording = link.Recording;
        var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);

        using var byLink = await visitor.GetAsync(link.PublicPath + "/download", Ct);
        using var byViewer = await GetAsync(await recording.Tenant.ClientAsync(Role.Viewer, Ct), recording.Path + "/download");
        using var byStranger = await GetAsync(stranger, recording.Path + "/download");

        Assert.Equal((HttpStatusCode.Forbidden, "view-only"), (byLink.StatusCode, await SharedLink.SlugAsync(byLink, Ct)));
        Assert.Equal((HttpStatusCode.Forbidden, "view-only"), (byViewer.StatusCode, await SharedLink.SlugAsync(byViewer, Ct)));
        Assert.Equal(HttpStatusCode.NotFound, byStranger.StatusCode);
        Assert.False(await ViewOf(recording).RowsAsync(db => db.StoredFronts.AnyAsync(front => front.RecordingId == recording.Id, Ct)));
        Assert.Empty(await FrontsAsync(recording));
    }

    [Fact]
    public async Task While_nobody_signs_a_download_is_told_to_come_again_and_an_outdated_front_never_leaves()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Roles"] = "web" });
        var recording = await (await StoredRecording.PutLeavingAsync(vault, await TestTenant.CreateAsync(vault, Ct), Length, Ct)).LaidOutAsync(Ct);
        await TagChanges.LoosenFileAsync(recording, Ct);
        await TagChanges.TagAsync(recording, UsageTag.NoAiTraining, Ct);
        await recording.SignedAsync(Ct);
        Assert.True(await SignedFile.IsValidAsync(vault, await BytesAsync(recording), "video/mp4", UsageTag.NoAiTraining, Ct));
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);

        await TagChanges.TagAsync(recording, UsageTag.NoTdm, Ct);
        using var browser = new TestBrowser(vault);
        (await browser.SignInAsync(recording.Tenant.Owner, Ct)).Dispose();
        var link = await SharedLink.MakeAsync(recording, Ct, new { allowDownload = true });
        var visitor = await Visitor.AtAsync(vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
        using var pressed = new HttpRequestMessage(HttpMethod.Get, recording.Path + "/download");
        pressed.Headers.Add("Sec-Fetch-Dest", "document");
        var (byScript, byPerson, byLink) = (GetAsync(owner, recording.Path + "/download"), browser.SendAsync(pressed, Ct),
            visitor.GetAsync(link.PublicPath + "/download", Ct, ("Sec-Fetch-Dest", "document"), ("Accept-Language", "de")));
        using var early = await byScript;
        await AssertAsksAgainAsync(await byPerson, "The file is being made ready.", $"/recordings/{recording.Id}");
        await AssertAsksAgainAsync(await byLink, "Die Datei wird vorbereitet.", link.PublicPath);
        // Killed in the middle of its reading, it leaves nothing; taken up again, it is made.
        using (var killed = new CancellationTokenSource())
        {
            await killed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recording.SignedAsync(killed.Token));
        }

        await recording.SignedAsync(Ct);
        var kept = await BytesAsync(recording);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "being-marked"), (early.StatusCode, await SharedLink.SlugAsync(early, Ct)));
        Assert.Equal(TimeSpan.FromSeconds(5), early.Headers.RetryAfter!.Delta);
        Assert.True(await SignedFile.IsValidAsync(vault, kept, "video/mp4", UsageTag.NoTdm, Ct));
        Assert.Single(await FrontsAsync(recording));
    }

    [Fact]
    public async Task A_sweep_deletes_what_says_another_tag_and_lets_the_rest_be()
    {
        var (tightened, other) = (await PutAsync(), await PutAsync());
        await TagChanges.LoosenFileAsync(tightened, Ct);
        await TagChanges.TagAsync(tightened, UsageTag.NoAiTraining, Ct);
        await BytesAsync(tightened);
        await BytesAsync(other);
        var kept = await FrontsAsync(other);
        await TagChanges.TagAsync(tightened, UsageTag.NoTdm, Ct);

        await ActivatorUtilities.CreateInstance<SweepFrontsJob>(shared.Vault.Services).RunAsync(Ct);

        Assert.Empty(await FrontsAsync(tightened));
        Assert.False(await ViewOf(tightened).RowsAsync(db => db.StoredFronts.AnyAsync(front => front.RecordingId == tightened.Id, Ct)));
        Assert.Equal(kept, await FrontsAsync(other));
    }

    [Fact]
    public async Task A_destroyed_recording_leaves_no_front()
    {
        var recording = await PutAsync();
        await BytesAsync(recording);
        Assert.Single(await FrontsAsync(recording));
        (await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(recording.Path, Ct)).EnsureSuccessStatusCode().Dispose();

        Assert.Null(await ViewOf(recording).InScopeAsync(services => services.GetRequiredService<TrashEmptying>().DestroyAsync(recording.Id, Actor.System, Ct)));

        Assert.True(await ViewOf(recording).ComesTrueAsync(async db => !await db.Recordings.AnyAsync(row => row.Id == recording.Id, Ct), TimeSpan.FromMinutes(1)));
        Assert.False(await ViewOf(recording).RowsAsync(db => db.StoredFronts.AnyAsync(front => front.RecordingId == recording.Id, Ct)));
        Assert.Empty(await ViewOf(recording).ObjectsAsync(recording.Id));
    }

    [Fact]
    public async Task A_file_whose_own_manifest_can_not_be_carried_on_is_kept_with_its_other_mark_alone()
    {
        // Two manifests: nobody knows which of them is the file's.
        var content = Film.Make(100_000).Concat(Manifest()).Concat(Manifest()).ToArray();
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, content, (store, key) => StoredRecording.StoreAsync(store, key, content, "video/mp4", Ct), Ct);

        var bytes = await BytesAsync(recording);

        Assert.Equal(recording.Leaves, bytes);
        var told = Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "content.released").GetProperty("details");
        Assert.Equal("http xmp", Word(told, "carriers"));
        Assert.False(told.TryGetProperty("sha256", out _));
        Assert.Null((await ViewOf(recording).RowsAsync(db => db.StoredFronts.AsNoTracking().SingleAsync(front => front.Id == recording.Asset.Id, Ct))).ObjectId);
    }

    [Fact]
    public async Task A_film_that_is_damaged_in_its_middle_is_told_of_before_anything_leaves()
    {
        var recording = await PutAsync();
        await BytesAsync(recording, "/content");
        Flip(recording.SegmentFile(1));

        using var answer = await GetAsync(await recording.Tenant.ClientAsync(Role.Owner, Ct), recording.Path + "/download");

        Assert.Equal((HttpStatusCode.InternalServerError, "damaged"), (answer.StatusCode, await SharedLink.SlugAsync(answer, Ct)));
        Assert.True(await recording.Tenant.HasEventAsync("content.damaged", recording.Id, Ct));
    }

    [Fact]
    public async Task A_front_that_was_damaged_is_told_once_and_made_anew()
    {
        await using var vault = await TestVault.StartAsync();
        var recording = await StoredRecording.PutLeavingAsync(vault, await TestTenant.CreateAsync(vault, Ct), Length, Ct);
        await BytesAsync(recording);
        Flip(Directory.EnumerateFiles(vault.DataDirectory, $"{Assert.Single(await FrontsAsync(recording))}", SearchOption.AllDirectories).Single());
        // What was opened goes with the key.
        vault.Services.GetRequiredService<RecordingVault.Server.Features.Keys.VaultKeyring>().Drop(recording.Tenant.Id, RecordingVault.Vault.Keys.KeyKind.Recording, recording.Id);

        using var broken = await GetAsync(await recording.Tenant.ClientAsync(Role.Owner, Ct), recording.Path + "/download");
        var anew = await BytesAsync(recording);

        Assert.Equal((HttpStatusCode.InternalServerError, "damaged"), (broken.StatusCode, await SharedLink.SlugAsync(broken, Ct)));
        Assert.True(await SignedFile.IsValidAsync(vault, anew, "video/mp4", UsageTag.NoTdm, Ct));
    }

    /// <summary>A page that says what is going on, and that its browser loads again by itself.</summary>
    private static async Task AssertAsksAgainAsync(HttpResponseMessage answer, string words, string back)
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html", "5"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, Assert.Single(answer.Headers.GetValues("Refresh"))));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains($"href=\"{back}\"", page, StringComparison.Ordinal);
        answer.Dispose();
    }

    /// <summary>A manifest box as it stands in an MP4, with a store that is none.</summary>
    private static byte[] Manifest() => [0, 0, 0, 61, .. "uuid"u8, 0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81, 0, 0, 0, 0, .. "manifest\0"u8, .. new byte[8], 0, 0, 0, 16, .. "jumb\0\0\0\0\0\0\0\0"u8];

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[200] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    private static string? Word(JsonElement told, string name) => told.GetProperty(name).GetString();

    private static VaultView ViewOf(StoredRecording recording) => new(recording.Vault, recording.Tenant.Id);

    /// <summary>The signed fronts that lie in the store.</summary>
    private static async Task<IReadOnlyList<Guid>> FrontsAsync(StoredRecording recording) =>
        [.. (await ViewOf(recording).ObjectsAsync(recording.Id)).Where(found => found.Role == ObjectRole.MarkedFront).Select(found => found.ObjectId)];

    private static async Task<byte[]> BytesAsync(StoredRecording recording, string what = "/download")
    {
        using var answer = await GetAsync(await recording.Tenant.ClientAsync(Role.Owner, Ct), recording.Path + what);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Ct);
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Ct);
    }

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutLeavingAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Ct), Length, Ct);
}
