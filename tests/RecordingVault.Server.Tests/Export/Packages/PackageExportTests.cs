using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Splicing;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>Recordings leave as signed packages: asked for, built, fetched; with the mark in every file and a line in the log for each step.</summary>
public sealed class PackageExportTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recording_leaves_as_a_package_that_verifies_by_the_published_key_and_carries_its_mark()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);

        var bytes = await client.GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);
        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", Ct);
        var verified = await PackageVerifier.VerifyAsync(new MemoryStream(bytes), Ct);
        var published = JsonDocument.Parse(await shared.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct)).RootElement.GetProperty("keys").EnumerateArray()
            .Single(key => key.GetProperty("id").GetGuid() == verified.KeyId);

        Assert.Equal(("ready", Convert.ToHexStringLower(SHA256.HashData(bytes)), (long)bytes.Length), (export.GetProperty("state").GetString(), export.GetProperty("sha256").GetString(), export.GetProperty("sizeInBytes").GetInt64()));
        Assert.Equal((id, "package"), (verified.Id, published.GetProperty("use").GetString()));
        Assert.InRange(verified.MadeAt, published.GetProperty("since").GetDateTimeOffset().AddSeconds(-1), published.GetProperty("until").GetDateTimeOffset());
        Assert.Equal(["data/original-1.wav", "data/description.json", "data/licence.txt", "data/policy.jsonld", "data/vcon.json", "data/audit.json"], verified.Files.Select(file => file.Name));

        using var zip = new ZipArchive(new MemoryStream(bytes));
        var original = Read(zip, id, "data/original-1.wav");
        var found = await FileMarks.FindAsync(new MemorySource(original), "audio/wav", Ct);
        Assert.Contains(found, mark => mark.Value.Contains("DMI-PROHIBITED", StringComparison.Ordinal));
        // Beside the mark nothing of the sound has changed.
        Assert.Equal(recording.Content.AsSpan(8).ToArray(), original.AsSpan(8, recording.Content.Length - 8).ToArray());
    }

    [Fact]
    public async Task Its_texts_name_recipient_purpose_end_and_that_nobody_may_train_on_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        using var zip = new ZipArchive(new MemoryStream(await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct)));
        var licence = Encoding.UTF8.GetString(Read(zip, id, "data/licence.txt"));
        var readme = Encoding.UTF8.GetString(Read(zip, id, "README.html"));
        var policy = JsonDocument.Parse(Read(zip, id, "data/policy.jsonld")).RootElement;
        var description = JsonDocument.Parse(Read(zip, id, "data/description.json")).RootElement;
        var vcon = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(JsonDocument.Parse(Read(zip, id, "data/vcon.json")).RootElement.GetProperty("payload").GetString())).RootElement;
        var leaf = JsonDocument.Parse(Read(zip, id, "data/audit.json")).RootElement.GetProperty("leaves")[0];

        Assert.Contains("Recipient: Claire Martin\n", licence, StringComparison.Ordinal);
        Assert.Contains("Purpose: share-external\n", licence, StringComparison.Ordinal);
        Assert.Contains("must not be used to train", licence, StringComparison.Ordinal);
        Assert.Contains("can't be transferred, and no sublicence", licence, StringComparison.Ordinal);
        Assert.Contains("Claire Martin", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", readme, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", readme, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(policy.GetProperty("prohibition").EnumerateArray(), rule => rule.GetProperty("action").GetString() == "tdm:mine");
        Assert.Equal("Müller 6.mov", description.GetProperty("files")[0].GetProperty("originalName").GetString());
        Assert.Equal("no-tdm", description.GetProperty("usage").GetProperty("tag").GetString());
        Assert.Equal("sha512-" + System.Buffers.Text.Base64Url.EncodeToString(SHA512.HashData(Read(zip, id, "data/original-1.wav"))), vcon.GetProperty("dialog")[0].GetProperty("content_hash").GetString());
        Assert.Equal(("usage_marks", 1), (vcon.GetProperty("attachments")[0].GetProperty("purpose").GetString(), vcon.GetProperty("attachments").GetArrayLength()));
        Assert.Equal(("content.released", recording.Id), (leaf.GetProperty("type").GetString(), leaf.GetProperty("target").GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task What_leaves_in_it_is_signed_under_the_published_authority_read_back_and_told_in_the_log()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        using var zip = new ZipArchive(new MemoryStream(await (await tenant.ClientAsync(Role.Owner, Ct)).GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct)));
        var original = Read(zip, id, "data/original-1.wav");
        var description = JsonDocument.Parse(Read(zip, id, "data/description.json")).RootElement;
        var leaves = JsonDocument.Parse(await shared.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct)).RootElement.GetProperty("keys").EnumerateArray()
            .Where(key => key.GetProperty("use").GetString() == "c2pa").Select(key => System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("certificate").GetString())).ToList();
        var packed = (await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "recording.exported").GetProperty("details");
        var released = (await tenant.EventsAsync(Ct)).Single(line => line.GetProperty("type").GetString() == "content.released").GetProperty("details");

        Assert.Equal(1, await leaves.ToAsyncEnumerable().CountAsync(async (certificate, token) => await IsWholeAsync(original, certificate, token), Ct));
        Assert.Equal(["xmp", "c2pa"], description.GetProperty("files")[0].GetProperty("carriers").EnumerateArray().Select(carrier => carrier.GetString()));
        Assert.Equal(("xmp c2pa", $"original-1.wav={Convert.ToHexStringLower(SHA256.HashData(original))}"), (packed.GetProperty("carriers").GetString(), packed.GetProperty("files").GetString()));
        // The front of a view is not what left.
        Assert.False(released.TryGetProperty("front", out _));
    }

    private static async Task<bool> IsWholeAsync(byte[] file, byte[] certificate, CancellationToken ct)
    {
        using var check = await SignedCheck.BeginAsync(new MemorySource(file), "audio/wav", UsageTag.NoTdm, certificate, ct);
        check?.Append(file);
        return check?.IsBound() ?? false;
    }

    [Fact]
    public async Task The_log_tells_asking_making_and_each_fetching()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);
        await client.GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);
        await client.GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);

        var types = await tenant.EventTypesAsync(Ct);

        Assert.Single(types, type => type == "export.asked");
        Assert.Equal(2, types.Count(type => type == "export.fetched"));
        Assert.Contains("content.released", types);
        Assert.True(await tenant.HasEventAsync("recording.exported", recording.Id, Ct));
    }

    [Theory]
    [InlineData("ai-training")]
    [InlineData("keep")]
    public async Task A_purpose_that_the_tag_forbids_is_refused_with_what_stands_in_the_way_and_told_in_the_log(string purpose)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();

        using var answer = await browser.SendJsonAsync(HttpMethod.Post, "/api/v1/exports", new { recordings = new[] { recording.Id }, purpose, recipient = "A trainer of models" }, Ct);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "/problems/export-prohibited"), (answer.StatusCode, problem.GetProperty("type").GetString()));
        Assert.True(await tenant.HasEventAsync("content.refused", recording.Id, Ct));
        Assert.Empty((await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>("/api/v1/exports", Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_takes_no_mark_is_left_out_with_a_sentence_and_the_others_become_a_bundle()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var first = await PackedRecording.PutAsync(tenant, Ct);
        var broken = await PackedRecording.PutUnmarkableAsync(tenant, Ct);
        var second = await PackedRecording.PutAsync(tenant, Ct, samples: 9_000);
        // For people of the house the gate lets it out unmarked, and no package takes it so.
        var id = await PackedRecording.MakeForAsync("view-internal", tenant, Ct, first.Id, broken.Id, second.Id);
        var client = await tenant.ClientAsync(Role.Owner, Ct);

        var export = await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}", Ct);
        var verified = await PackageVerifier.VerifyAsync(new MemoryStream(await client.GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct)), Ct);

        Assert.Equal(["packed", "refused", "packed"], export.GetProperty("recordings").EnumerateArray().Select(line => line.GetProperty("outcome").GetString()));
        Assert.Equal("not-markable", export.GetProperty("recordings")[1].GetProperty("reason").GetString());
        Assert.Equal((3, 3), (export.GetProperty("done").GetInt32(), export.GetProperty("total").GetInt32()));
        Assert.Equal(2, verified.Inner.Count);
        Assert.Equal([$"data/packages/{first.Id}.zip", $"data/packages/{second.Id}.zip", "data/outcomes.json"], verified.Files.Select(file => file.Name));
    }

    [Fact]
    public async Task Where_nothing_can_be_packed_there_is_no_package()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var broken = await PackedRecording.PutUnmarkableAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, broken.Id);
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/exports/{id}/download", Ct);

        Assert.Equal((HttpStatusCode.Conflict, "/problems/export-refused"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Another_organisation_finds_nothing_and_other_roles_are_refused()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        var id = await PackedRecording.MakeAsync(tenant, Ct, recording.Id);

        foreach (var path in new[] { $"/api/v1/exports/{id}", $"/api/v1/exports/{id}/download" })
        {
            using var theirs = await stranger.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
            foreach (var role in new[] { Role.Viewer, Role.Auditor })
            {
                using var wrong = await (await tenant.ClientAsync(role, Ct)).GetAsync(path, Ct);
                Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
            }
        }

        using var asked = await PackedRecording.AskAsync(stranger, [recording.Id], "share-external", Ct);
        using var viewer = await PackedRecording.AskAsync(await tenant.ClientAsync(Role.Viewer, Ct), [recording.Id], "share-external", Ct);
        using var contributor = await PackedRecording.AskAsync(await tenant.ClientAsync(Role.Contributor, Ct), [recording.Id], "legal", Ct);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (asked.StatusCode, viewer.StatusCode, contributor.StatusCode));
    }

    [Theory]
    [InlineData("""{"recordings":[],"purpose":"share-external","recipient":"C"}""", "recordings")]
    [InlineData("""{"recordings":["11111111-1111-1111-1111-111111111111"],"purpose":"because","recipient":"C"}""", "purpose")]
    [InlineData("""{"recordings":["11111111-1111-1111-1111-111111111111"],"purpose":"share-external","recipient":" "}""", "recipient")]
    [InlineData("""{"recordings":["11111111-1111-1111-1111-111111111111"],"purpose":"share-external","recipient":"a\nb"}""", "recipient")]
    [InlineData("""{"recordings":["11111111-1111-1111-1111-111111111111"],"purpose":"share-external","recipient":"C","format":"exe"}""", "format")]
    [InlineData("""{"recordings":["11111111-1111-1111-1111-111111111111"],"purpose":"share-external","recipient":"C","licensedUntil":"2001-01-01T00:00:00Z"}""", "licensedUntil")]
    public async Task A_wrong_wish_is_told_by_its_member(string body, string field)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsync("/api/v1/exports", content, Ct);

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString()));
    }

    private static byte[] Read(ZipArchive zip, Guid id, string name)
    {
        using var content = zip.GetEntry($"recordingvault-{id}/{name}")!.Open();
        using var all = new MemoryStream();
        content.CopyTo(all);
        return all.ToArray();
    }
}
