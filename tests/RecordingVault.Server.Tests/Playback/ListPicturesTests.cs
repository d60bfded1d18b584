using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>The pictures of one page of tiles are one release with one event, and each of them passes the gate.</summary>
public sealed class ListPicturesTests(SharedVault shared)
{
    private static readonly byte[] s_picture = [0xff, 0xd8, 0xff, 0xda, 1, 2, 3, 0xff, 0xd9];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_pictures_of_a_page_write_one_event_that_names_the_recordings()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = await PutAsync(tenant, 3);
        using var browser = await SignInAsync(tenant, Role.Viewer);
        var pictures = await PicturesAsync(browser);

        await Task.WhenAll(pictures.Select(async address =>
        {
            using var answer = await browser.GetAsync(address, Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            // Its mark stands in front of its scan.
            Assert.Equal(s_picture[2..], (await answer.Content.ReadAsByteArrayAsync(Ct))[^(s_picture.Length - 2)..]);
        }));
        foreach (var address in await PicturesAsync(browser))
            (await browser.GetAsync(address, Ct)).Dispose();

        Assert.Equal(3, pictures.Count);
        var told = Assert.Single(await ReleasedAsync(tenant));
        var details = told.GetProperty("details");
        Assert.Equal("list", details.GetProperty("purpose").GetString());
        Assert.Equal(ids.Order(), details.GetProperty("recordings").GetString()!.Split(' ').Select(Guid.Parse).Order());
        Assert.Equal(3, details.GetProperty("manifests").GetString()!.Split(' ').Length);
        Assert.Equal("tenant", told.GetProperty("target").GetProperty("kind").GetString());
        Assert.True(told.GetProperty("decrypted").GetBoolean());
    }

    [Theory]
    [InlineData("captions/und")]
    [InlineData("poster")]
    public async Task What_leaves_for_the_film_after_the_list_has_an_event_in_the_recordings_own_log(string path)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = await PutAsync(tenant, 2);
        var viewer = await tenant.ClientAsync(Role.Viewer, Ct);
        var list = ListPictures.Write(ids);

        using var picture = await viewer.GetAsync($"/api/v1/recordings/{ids[0]}/poster?list={list}", Ct);
        using var beside = await viewer.GetAsync($"/api/v1/recordings/{ids[0]}/{path}", Ct);
        using var again = await viewer.GetAsync($"/api/v1/recordings/{ids[0]}/poster?list={list}", Ct);

        Assert.All([picture, beside, again], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var told = await ReleasedAsync(tenant);
        Assert.Equal(2, told.Count);
        var own = Assert.Single(told, line => line.GetProperty("target").GetProperty("kind").GetString() == "recording");
        Assert.Equal((ids[0], "preview"), (own.GetProperty("target").GetProperty("id").GetGuid(), own.GetProperty("details").GetProperty("purpose").GetString()));
    }

    [Fact]
    public async Task What_may_not_leave_is_in_no_event_and_is_refused_by_itself()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = await PutAsync(tenant, 3);
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(db =>
            db.Recordings.Where(recording => recording.Id == ids[0]).ExecuteUpdateAsync(row => row.SetProperty(recording => recording.Label, ConfidentialityLabel.Restricted), Ct));
        using var browser = await SignInAsync(tenant, Role.Viewer);
        var list = ListPictures.Write(ids);

        using var refused = await browser.GetAsync($"/api/v1/recordings/{ids[0]}/poster?list={list}", Ct);
        using var shown = await browser.GetAsync($"/api/v1/recordings/{ids[1]}/poster?list={list}", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, shown.StatusCode));
        Assert.DoesNotContain($"{ids[0]}/poster", string.Join(' ', await PicturesAsync(browser)), StringComparison.Ordinal);
        var told = Assert.Single(await ReleasedAsync(tenant));
        Assert.DoesNotContain($"{ids[0]}", told.GetProperty("details").GetProperty("recordings").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_made_up_opens_nothing_of_another_tenant_and_spoils_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await TestTenant.CreateAsync(shared.Vault, Ct);
        var (own, foreign) = (await PutAsync(tenant, 1), await PutAsync(other, 2));
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var stranger = await owner.GetAsync($"/api/v1/recordings/{foreign[0]}/poster?list={ListPictures.Write(foreign)}", Ct);
        using var mixed = await owner.GetAsync($"/api/v1/recordings/{own[0]}/poster?list={ListPictures.Write([own[0], foreign[0]])}", Ct);
        using var nonsense = await owner.GetAsync($"/api/v1/recordings/{own[0]}/poster?list=%2e%2e%2fetc", Ct);
        using var longest = await owner.GetAsync($"/api/v1/recordings/{own[0]}/poster?list={new string('A', 5_000)}", Ct);

        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        Assert.All([mixed, nonsense, longest], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Empty(await ReleasedAsync(other));
        Assert.Equal($"{own[0]}", Assert.Single(await ReleasedAsync(tenant)).GetProperty("target").GetProperty("id").GetString());
    }

    [Fact]
    public void A_list_is_read_as_it_was_written_and_no_longer_than_a_page()
    {
        var ids = Enumerable.Range(0, 50).Select(_ => Guid.NewGuid()).ToList();

        Assert.Equal(ids, ListPictures.Read(ListPictures.Write(ids)));
        Assert.Empty(ListPictures.Read(ListPictures.Write([.. ids, Guid.NewGuid()])));
        Assert.Empty(ListPictures.Read("AAAA"));
        Assert.Empty(ListPictures.Read(null));
    }

    private async Task<IReadOnlyList<Guid>> PutAsync(TestTenant tenant, int count)
    {
        var ids = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000 + i, Ct);
            await using var scope = tenant.Enter();
            using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
            var poster = await shared.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Poster, "image/jpeg", new MemoryStream(s_picture), Ct);
            var captions = await shared.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), ObjectRole.Captions, "text/vtt", new MemoryStream(s_picture), Ct);
            await scope.ServiceProvider.GetRequiredService<ManifestChanges>()
                .AddAsync(recording.Id, [new NewAsset(poster) { DerivedFrom = recording.Asset.Id }, new NewAsset(captions)], key, Actor.System, () => Task.CompletedTask, Ct);
            ids.Add(recording.Id);
        }

        return ids;
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static async Task<IReadOnlyList<string>> PicturesAsync(TestBrowser browser)
    {
        using var page = await browser.GetAsync("/", Ct);
        return [.. Regex.Matches(await page.Content.ReadAsStringAsync(Ct), "<img src=\"([^\"]+/poster[^\"]+)\"").Select(match => match.Groups[1].Value)];
    }

    private static async Task<IReadOnlyList<JsonElement>> ReleasedAsync(TestTenant tenant) =>
        [.. (await tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString() == "content.released")];
}
