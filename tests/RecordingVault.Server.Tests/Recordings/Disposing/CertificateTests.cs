using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Disposing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Server.Tests.Recordings.Disposing;

/// <summary>What is left of a recording that was destroyed: a signed certificate that says what was done, and nothing that opens.</summary>
public sealed class CertificateTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_signed_numbered_and_says_what_was_destroyed_by_whom_how_and_what_remains()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 100_000, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        await owner.GetByteArrayAsync(recording.Path + "/download", Ct);
        var key = await View(tenant).RowsAsync(db => db.KeyWraps.Where(wrap => wrap.OwnerId == recording.Id).Select(wrap => wrap.Id).SingleAsync(Ct));

        await DestroyAsync(tenant, recording.Id);

        var line = Assert.Single((await owner.GetFromJsonAsync<JsonElement>("/api/v1/certificates", Ct)).GetProperty("items").EnumerateArray());
        var text = await owner.GetByteArrayAsync($"/api/v1/certificates/{line.GetProperty("id").GetGuid()}", Ct);
        var document = SignedDocument.Verify(text);
        using var parsed = JsonDocument.Parse(document.Document);
        var says = parsed.RootElement;
        Assert.Equal((DocumentKind.DestructionCertificate, 1, recording.Id), (document.Kind, says.GetProperty("number").GetInt32(), says.GetProperty("recording").GetProperty("id").GetGuid()));
        Assert.Equal(100_000, says.GetProperty("recording").GetProperty("sizeInBytes").GetInt64());
        Assert.Equal(key, says.GetProperty("method").GetProperty("keys")[0].GetProperty("recordingKey").GetGuid());
        Assert.Equal("emptied out of the trash by hand", says.GetProperty("reason").GetProperty("destroyed").GetProperty("why").GetString());
        Assert.Equal("member", says.GetProperty("reason").GetProperty("destroyed").GetProperty("by").GetProperty("kind").GetString());
        Assert.Equal("download", Assert.Single(says.GetProperty("remains").GetProperty("copies").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal(vault.Clock.GetUtcNow().AddDays(30).Date, says.GetProperty("remains").GetProperty("backupsReadableUntil").GetDateTimeOffset().Date);
        Assert.Contains((await owner.GetFromJsonAsync<JsonElement>("/.well-known/recording-vault-keys.json", Ct)).GetProperty("keys").EnumerateArray(), one =>
            one.GetProperty("id").GetGuid() == document.KeyId && one.GetProperty("use").GetString() == "destruction");
        var told = Assert.Single(await tenant.EventsAsync(Ct), one => one.GetProperty("type").GetString() == "recording.destroyed");
        Assert.Equal((line.GetProperty("id").GetString(), says.GetProperty("log").GetProperty("event").GetInt64()), (told.GetProperty("details").GetProperty("certificate").GetString(), told.GetProperty("number").GetInt64()));
    }

    [Fact]
    public async Task Its_page_says_the_same_and_gives_the_signed_file()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        await DestroyAsync(tenant, recording.Id);
        using var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        var id = await IdAsync(tenant);

        var list = await (await browser.GetAsync("/certificates", Ct)).Content.ReadAsStringAsync(Ct);
        var page = await (await browser.GetAsync($"/certificates/{id}", Ct)).Content.ReadAsStringAsync(Ct);
        using var file = await browser.GetAsync($"/certificates/{id}/file", Ct);

        Assert.Contains("Certificate 1", list, StringComparison.Ordinal);
        Assert.Contains($"{recording.Id}", page, StringComparison.Ordinal);
        Assert.Contains("No copy of it was downloaded or packed.", page, StringComparison.Ordinal);
        Assert.Equal("certificate-1.json", file.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal(DocumentKind.DestructionCertificate, SignedDocument.Verify(await file.Content.ReadAsByteArrayAsync(Ct)).Kind);
    }

    [Fact]
    public async Task Owners_Admins_and_Auditors_read_them_others_do_not_and_another_tenant_finds_none()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        await DestroyAsync(tenant, (await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct)).Id);
        var id = await IdAsync(tenant);
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);

        foreach (var (role, expected) in new[] { (Role.Admin, HttpStatusCode.OK), (Role.Auditor, HttpStatusCode.OK), (Role.Contributor, HttpStatusCode.Forbidden), (Role.Viewer, HttpStatusCode.Forbidden) })
        {
            var client = await tenant.ClientAsync(role, Ct);
            using var list = await client.GetAsync("/api/v1/certificates", Ct);
            using var one = await client.GetAsync($"/api/v1/certificates/{id}", Ct);
            Assert.Equal((expected, expected), (list.StatusCode, one.StatusCode));
        }

        using var theirs = await stranger.GetAsync($"/api/v1/certificates/{id}", Ct);
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        Assert.Empty((await stranger.GetFromJsonAsync<JsonElement>("/api/v1/certificates", Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Numbers_have_no_gap_and_pages_follow_them()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        for (var i = 0; i < 3; i++)
            await DestroyAsync(tenant, (await StoredRecording.PutAsync(vault.Vault, tenant, 100, Ct)).Id);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var first = await owner.GetFromJsonAsync<JsonElement>("/api/v1/certificates?limit=2", Ct);
        var second = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/certificates?limit=2&cursor={Uri.EscapeDataString(first.GetProperty("nextCursor").GetString()!)}", Ct);
        using var wrong = await owner.GetAsync("/api/v1/certificates?cursor=x", Ct);

        Assert.Equal([3, 2], first.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("number").GetInt32()));
        Assert.Equal([1], second.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("number").GetInt32()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    /// <summary>
    /// The proof (security.md 12): everything of the bucket as it was before, and every key that the vault still has. The control is the same copy with the wrapped keys that were in it: that is what
    /// the certificate says backups hold until their day.
    /// </summary>
    [Fact]
    public async Task With_every_key_that_the_vault_still_has_nothing_of_it_opens_in_a_copy_from_before()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var (gone, kept) = (await StoredRecording.PutAsync(vault.Vault, tenant, 100_000, Ct), await StoredRecording.PutAsync(vault.Vault, tenant, 100_000, Ct));
        await View(tenant).InScopeAsync(async services =>
        {
            await ActivatorUtilities.CreateInstance<WriteCardJob>(services).RunAsync(gone.Id, Ct);
            return true;
        });
        var store = Path.Combine(vault.Vault.DataDirectory, "store");
        var before = Copy(store, "before");

        await DestroyAsync(tenant, gone.Id);
        var mixed = Copy(before, "mixed");
        foreach (var keyObject in Names(mixed).Where(name => name.Contains("/key/", StringComparison.Ordinal)))
            File.Delete(Path.Combine(mixed, keyObject));
        foreach (var keyObject in Names(store).Where(name => name.Contains("/key/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(mixed, keyObject))!);
            File.Copy(Path.Combine(store, keyObject), Path.Combine(mixed, keyObject));
        }

        var objects = Names(before).Where(name => name.Contains(gone.Id.ToString(), StringComparison.Ordinal) && BucketReader.IsObjectName(InBucket(name))).ToList();
        Assert.True(objects.Count >= 3, "manifest, original and card were there");
        Assert.Empty(await OpenAsync(mixed, objects));
        Assert.Equal(objects, await OpenAsync(before, objects));
        var others = Names(before).Where(name => name.Contains(kept.Id.ToString(), StringComparison.Ordinal) && BucketReader.IsObjectName(InBucket(name))).ToList();
        Assert.Equal(others, await OpenAsync(mixed, others));
        Assert.DoesNotContain(Names(store), name => name.Contains(gone.Id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_broken_off_after_any_step_ends_with_one_certificate()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        await TrashAsync(tenant, recording.Id);
        await View(tenant).InScopeAsync(async services =>
        {
            var destruction = services.GetRequiredService<RecordingDestruction>();
            Assert.True(await destruction.MarkAsync(recording.Id, isByHand: true, Actor.System, Ct));
            await services.GetRequiredService<Server.Features.Keys.TenantKeys>().ForgetRecordingKeyAsync(recording.Id, Ct);
            await services.GetRequiredService<DispositionBook>().NoteKeysDestroyedAsync(recording.Id, Ct);
            return true;
        });
        var noted = await View(tenant).RowsAsync(db => db.Dispositions.AsNoTracking().SingleAsync(row => row.RecordingId == recording.Id, Ct));

        for (var i = 0; i < 2; i++)
            await View(tenant).InScopeAsync(async services => { await services.GetRequiredService<RecordingDestruction>().DestroyAsync(recording.Id, Ct); return true; });

        var row = await View(tenant).RowsAsync(db => db.Dispositions.AsNoTracking().SingleAsync(one => one.RecordingId == recording.Id, Ct));
        Assert.Null(noted.Number);
        Assert.Equal((noted.Id, noted.KeysDestroyedAt, 1), (row.Id, row.KeysDestroyedAt, row.Number));
        Assert.Null(row.Facts);
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "recording.destroyed");
    }

    private async Task<IReadOnlyList<string>> OpenAsync(string folder, IReadOnlyList<string> names)
    {
        using var root = new FileRootKey(Path.Combine(vault.Vault.DataDirectory, "root.key")).Load();
        await using var reader = BucketReader.OpenFolder(folder);
        var opened = new List<string>();
        foreach (var name in names)
        {
            try
            {
                await reader.OpenObjectAsync(root, InBucket(name), Stream.Null, Ct);
                opened.Add(name);
            }
            catch (Vault.Format.SealedFormatException)
            {
            }
        }

        return opened;
    }

    /// <summary>The folder store puts a folder of two letters in between, so that none gets too full.</summary>
    private static string InBucket(string path) => string.Join('/', path.Split('/').Where((part, place) => place != 3 || part.Length != 2));

    private string Copy(string from, string name)
    {
        var to = Path.Combine(vault.Vault.DataDirectory, $"{name}-{Guid.NewGuid():N}");
        foreach (var file in Names(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, file))!);
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        }

        return to;
    }

    private static List<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Where(name => name.StartsWith("t/", StringComparison.Ordinal) || name.StartsWith("v/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private VaultView View(TestTenant tenant) => new(vault.Vault, tenant.Id);

    private async Task<Guid> IdAsync(TestTenant tenant) =>
        (await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>("/api/v1/certificates", Ct)).GetProperty("items")[0].GetProperty("id").GetGuid();

    private static async Task TrashAsync(TestTenant tenant, Guid id) => (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/recordings/{id}", Ct)).EnsureSuccessStatusCode();

    private async Task DestroyAsync(TestTenant tenant, Guid id)
    {
        await TrashAsync(tenant, id);
        using var browser = new TestBrowser(vault.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();
        using var done = await browser.SendJsonAsync(HttpMethod.Post, $"/api/v1/recordings/{id}/destruction", new { }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, done.StatusCode);
        Assert.True(await View(tenant).ComesTrueAsync(db => db.Dispositions.AnyAsync(row => row.RecordingId == id && row.Number != null, Ct), TimeSpan.FromSeconds(30)));
    }
}
