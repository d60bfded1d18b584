using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Contacts;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>Files that show what somebody said: sealed under a key of their own, looked at by few and never unseen, and gone when nobody keeps them.</summary>
public sealed class EvidenceTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_taken_for_the_records_that_it_shows_and_fetched_again_as_it_was()
    {
        var (recording, records) = await SaidAsync();
        var client = await recording.Tenant.ClientAsync(Role.Contributor, Ct);

        using var added = await SendAsync(recording, new ByteArrayContent(PlantedEvidence.Paper), "Übereinkunft Ben.exe", records);
        var made = await added.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var listed = (await client.GetFromJsonAsync<JsonElement>(recording.Path + "/consent-evidence", Ct)).GetProperty("items")[0];
        using var fetched = await client.GetAsync($"/api/v1/consent-evidence/{made.GetProperty("id").GetGuid()}/download", Ct);

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(made.GetRawText(), listed.GetRawText());
        Assert.Equal(
            ("Übereinkunft Ben.exe", "application/pdf", (long)PlantedEvidence.Paper.Length, Convert.ToHexStringLower(SHA256.HashData(PlantedEvidence.Paper)), "Ben"),
            (made.GetProperty("name").GetString(), made.GetProperty("mediaType").GetString(), made.GetProperty("sizeInBytes").GetInt64(), made.GetProperty("sha256").GetString(), made.GetProperty("about").GetProperty("person").GetString()));
        Assert.Equal(records.Order(), made.GetProperty("records").EnumerateArray().Select(id => id.GetGuid()).Order());
        Assert.Equal(PlantedEvidence.Paper, await fetched.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(("application/pdf", "attachment", "Übereinkunft Ben.exe.pdf"), (fetched.Content.Headers.ContentType!.MediaType, fetched.Content.Headers.ContentDisposition!.DispositionType, fetched.Content.Headers.ContentDisposition.FileNameStar));
        Assert.Equal(("nosniff", "no-store"), (fetched.Headers.GetValues("X-Content-Type-Options").Single(), fetched.Headers.CacheControl!.ToString()));
        Assert.StartsWith("sandbox;", fetched.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_added_and_each_look_at_it_stand_in_the_log()
    {
        var (recording, records) = await SaidAsync();
        var id = await AddAsync(recording, records);

        using var fetched = await (await recording.Tenant.ClientAsync(Role.Contributor, Ct)).GetAsync($"/api/v1/consent-evidence/{id}/download", Ct);
        var told = (await recording.Tenant.EventsAsync(Ct)).Where(line => line.GetProperty("type").GetString()!.StartsWith("consent.evidence", StringComparison.Ordinal)).ToList();

        Assert.Equal(["consent.evidence-viewed", "consent.evidence-added"], told.Select(line => line.GetProperty("type").GetString()));
        Assert.All(told, line => Assert.Equal((recording.Id, $"{id}"), (line.GetProperty("target").GetProperty("id").GetGuid(), line.GetProperty("details").GetProperty("evidence").GetString())));
        Assert.DoesNotContain("paper.pdf", string.Concat(told.Select(line => line.GetRawText())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%PDF-1.4 a", "application/pdf")]
    [InlineData("\u0089PNG\r\n\u001a\n a", "image/png")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0 a", "image/jpeg")]
    [InlineData("OggS a", "audio/ogg")]
    [InlineData("RIFF\0\0\0\0WAVEfmt ", "audio/wav")]
    [InlineData("\0\0\0\u0018ftypM4A \0\0\0\0M4A mp42", "audio/mp4")]
    [InlineData("ID3\u0003\0", "audio/mpeg")]
    [InlineData("\u00ff\u00fb\u0090\u0064", "audio/mpeg")]
    [InlineData("From: Ben <ben@example.com>\r\nSubject: yes\r\n\r\nYes.", "message/rfc822")]
    [InlineData("<script>alert(1)</script>", "text/plain")]
    [InlineData("Yes, said Ben.", "text/plain")]
    [InlineData("", null)]
    [InlineData("MZ\u0090\0\u0003", null)]
    [InlineData("PK\u0003\u0004", null)]
    [InlineData("GIF89a\u0001\0", null)]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isommp42", null)]
    public void A_kind_is_told_by_what_is_in_the_file(string beginning, string? mediaType) =>
        Assert.Equal(mediaType, EvidenceKinds.Find(Encoding.Latin1.GetBytes(beginning))?.MediaType());

    [Theory]
    [InlineData("a program", "evidence-not-taken", 415)]
    [InlineData("a text with a zero at its end", "evidence-not-taken", 415)]
    [InlineData("too long", "too-large", 413)]
    [InlineData("too long, and does not say so", "too-large", 413)]
    public async Task What_is_not_taken_leaves_nothing(string what, string slug, int status)
    {
        var (recording, records) = await SaidAsync();
        HttpContent file = what switch
        {
            "a program" => new ByteArrayContent([0x7F, .. "ELF\0"u8]),
            "too long" => new ByteArrayContent(new byte[EvidenceStream.MostBytes + 1]),
            "too long, and does not say so" => new StreamContent(new UnknownLength([.. "%PDF-"u8, .. new byte[EvidenceStream.MostBytes]])),
            _ => new ByteArrayContent([.. Encoding.ASCII.GetBytes(new string('a', 200_000)), 0]),
        };

        using var refused = await SendAsync(recording, file, "paper.txt", records);

        Assert.Equal((status, slug), ((int)refused.StatusCode, await SharedLink.SlugAsync(refused, Ct)));
        Assert.Equal((0, 0, 0), await PlantedEvidence.LeftAsync(recording.Tenant, Ct));
        Assert.DoesNotContain("consent.evidence-added", await recording.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Half_a_file_leaves_nothing()
    {
        var (recording, records) = await SaidAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(recording, new StreamContent(new UnknownLength([.. "%PDF-"u8, .. new byte[1_000_000]], breaks: true)), "paper.pdf", records));

        for (var tries = 0; tries < 100 && await PlantedEvidence.LeftAsync(recording.Tenant, Ct) != (0, 0, 0); tries++)
            await Task.Delay(50, Ct);
        Assert.Equal((0, 0, 0), await PlantedEvidence.LeftAsync(recording.Tenant, Ct));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field()
    {
        var (recording, records) = await SaidAsync();
        var (other, others) = await SaidAsync(recording.Tenant);
        var client = await recording.Tenant.ClientAsync(Role.Owner, Ct);
        using var nameless = new HttpRequestMessage(HttpMethod.Post, $"{recording.Path}/consent-evidence?records={records[0]}") { Content = new ByteArrayContent(PlantedEvidence.Paper) };

        using var none = await SendAsync(recording, new ByteArrayContent(PlantedEvidence.Paper), "paper.pdf", []);
        using var foreign = await SendAsync(recording, new ByteArrayContent(PlantedEvidence.Paper), "paper.pdf", [records[0], others[0]]);
        using var past = await PlantedEvidence.SendAsync(client, recording.Id, new ByteArrayContent(PlantedEvidence.Paper), Ct, keptUntil: vault.Clock.GetUtcNow().AddDays(-1), records: records);
        using var unnamed = await client.SendAsync(nameless, Ct);

        string?[] fields = [await FieldAsync(none), await FieldAsync(foreign), await FieldAsync(past), await FieldAsync(unnamed)];
        Assert.Equal(["records", "records", "keptUntil", "Content-Disposition"], fields);
        Assert.Equal((0, 0, 0), await PlantedEvidence.LeftAsync(other.Tenant, Ct));
    }

    [Fact]
    public async Task A_viewer_reads_that_it_is_there_and_another_organisation_finds_nothing()
    {
        var (recording, records) = await SaidAsync();
        var id = await AddAsync(recording, records);
        var (viewer, contributor) = (await recording.Tenant.ClientAsync(Role.Viewer, Ct), await recording.Tenant.ClientAsync(Role.Contributor, Ct));
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var file = $"/api/v1/consent-evidence/{id}";

        using var list = await viewer.GetAsync(recording.Path + "/consent-evidence", Ct);
        HttpStatusCode[] refused =
        [
            (await viewer.GetAsync(file + "/download", Ct)).StatusCode, (await viewer.DeleteAsync(file, Ct)).StatusCode, (await contributor.DeleteAsync(file, Ct)).StatusCode, (await contributor.GetAsync("/api/v1/consent-evidence", Ct)).StatusCode,
            (await PlantedEvidence.SendAsync(viewer, recording.Id, new ByteArrayContent(PlantedEvidence.Paper), Ct, records: records)).StatusCode,
        ];
        HttpStatusCode[] nothing =
        [
            (await stranger.GetAsync(file + "/download", Ct)).StatusCode, (await stranger.DeleteAsync(file, Ct)).StatusCode, (await stranger.GetAsync(recording.Path + "/consent-evidence", Ct)).StatusCode,
            (await PlantedEvidence.SendAsync(stranger, recording.Id, new ByteArrayContent(PlantedEvidence.Paper), Ct, records: records)).StatusCode,
        ];

        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.All(refused, status => Assert.Equal(HttpStatusCode.Forbidden, status));
        Assert.All(nothing, status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.Empty((await stranger.GetFromJsonAsync<JsonElement>("/api/v1/consent-evidence", Ct)).GetProperty("items").EnumerateArray());
        Assert.DoesNotContain("consent.evidence-viewed", await recording.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Hearing_where_it_was_spoken_leads_there_and_is_a_look_that_the_log_keeps()
    {
        var tenant = await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = (await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct)).Id;
        var record = await PlantedEvidence.SpokenAsync(tenant, recording, Ct);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(await tenant.AddAsync(Role.Viewer, Ct), Ct);
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);

        using var page = await browser.GetAsync($"/recordings/{recording}/consent?person={await PersonAsync(tenant, recording)}", Ct);
        using var led = await browser.PostFormAsync($"/consent-records/{record}/hear", [], Ct, $"/recordings/{recording}/consent");
        using var auditors = await (await tenant.ClientAsync(Role.Auditor, Ct)).PostAsync($"/consent-records/{record}/hear", new FormUrlEncodedContent([]), Ct);
        using var strangers = await stranger.PostAsync($"/consent-records/{record}/hear", new FormUrlEncodedContent([]), Ct);
        var told = Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "consent.evidence-viewed").GetProperty("details");

        Assert.Contains($"action=\"/consent-records/{record}/hear\"", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal($"/recordings/{recording}#t=12.5,20", led.Headers.Location?.OriginalString);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (auditors.StatusCode, strangers.StatusCode));
        Assert.Equal(("spoken", "12.5", "20", $"{record}"), (told.GetProperty("what").GetString(), told.GetProperty("from").GetString(), told.GetProperty("to").GetString(), told.GetProperty("record").GetString()));
    }

    [Fact]
    public async Task A_span_ends_after_it_begins_and_belongs_to_what_was_spoken()
    {
        var (recording, _) = await SaidAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);

        using var before = await owner.PostAsJsonAsync(recording.Path + "/consents", new { participant = recording.People["Ben"], purpose = "keep", status = "given", method = "spoken", seconds = 12, untilSeconds = 11 }, Ct);
        using var mailed = await owner.PostAsJsonAsync(recording.Path + "/consents", new { participant = recording.People["Ben"], purpose = "keep", status = "given", method = "mail", untilSeconds = 11 }, Ct);

        string?[] fields = [await FieldAsync(before), await FieldAsync(mailed)];
        Assert.Equal(["untilSeconds", "untilSeconds"], fields);
    }

    [Fact]
    public async Task The_page_names_the_files_and_has_what_sends_one()
    {
        var (recording, records) = await SaidAsync();
        var id = await AddAsync(recording, records);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(recording.Tenant.Owner, Ct);

        var page = await (await browser.GetAsync($"/recordings/{recording.Id}/consent?person={recording.People["Ben"]}", Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains($"href=\"/api/v1/consent-evidence/{id}/download\"", page, StringComparison.Ordinal);
        Assert.Contains($"data-evidence=\"/api/v1/recordings/{recording.Id}/consent-evidence\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_sign_in_neither_destroys_a_file_nor_takes_out_what_is_held_about_a_person()
    {
        var (recording, records) = await SaidAsync();
        var id = await AddAsync(recording, records);
        var contact = await new Known(recording.Tenant).JoinAsync(Ct, recording.People["Ben"]);
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(recording.Tenant.Owner, Ct);
        using var fresh = await browser.GetAsync($"/people/{contact}/rights/file", Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var destroyed = await browser.SendJsonAsync(HttpMethod.Delete, $"/api/v1/consent-evidence/{id}", null, Ct);
        using var file = await browser.GetAsync($"/api/v1/contacts/{contact}/file", Ct);
        using var byPage = await browser.GetAsync($"/people/{contact}/rights/file", Ct);

        Assert.Equal("attachment", fresh.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(("fresh-sign-in", "fresh-sign-in"), (await SharedLink.SlugAsync(destroyed, Ct), await SharedLink.SlugAsync(file, Ct)));
        Assert.Equal(FreshSignIn.PageBefore($"/people/{contact}/rights"), byPage.Headers.Location?.OriginalString);
        Assert.DoesNotContain("consent.evidence-destroyed", await recording.Tenant.EventTypesAsync(Ct));
    }

    private async Task<(Ledgered Recording, Guid[] Records)> SaidAsync(TestTenant? tenant = null)
    {
        var of = tenant ?? await TestTenant.CreateAsync(vault.Vault, Ct);
        var recording = await Ledgered.MakeAsync(of, (await StoredRecording.PutAsync(vault.Vault, of, 1_000, Ct)).Id, Ct, "Ben");
        await recording.SaidAsync("Ben", "share-external", "given", Ct);
        await recording.SaidAsync("Ben", "transcribe", "given", Ct);
        return (recording, [.. (await recording.RecordsAsync(Ct)).Select(record => record.GetProperty("id").GetGuid())]);
    }

    private static async Task<HttpResponseMessage> SendAsync(Ledgered recording, HttpContent file, string name, Guid[] records) =>
        await PlantedEvidence.SendAsync(await recording.Tenant.ClientAsync(Role.Contributor, Ct), recording.Id, file, Ct, name, records: records);

    private static async Task<Guid> AddAsync(Ledgered recording, Guid[] records)
    {
        using var added = await SendAsync(recording, new ByteArrayContent(PlantedEvidence.Paper), "paper.pdf", records);
        added.EnsureSuccessStatusCode();
        return (await added.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
    }

    private static async Task<string?> FieldAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString();

    private static async Task<Guid> PersonAsync(TestTenant tenant, Guid recording) => (await Ledgered.PeopleAsync(tenant, recording, Ct))[0].GetProperty("id").GetGuid();

    /// <summary>A file of which nobody is told how long it is; one that breaks never comes to its end.</summary>
    private sealed class UnknownLength(byte[] bytes, bool breaks = false) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (breaks && Position == Length)
                throw new IOException("The line broke.");
            return await base.ReadAsync(buffer, cancellationToken);
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => CopyAsync(destination, cancellationToken);

        private async Task CopyAsync(Stream destination, CancellationToken cancellationToken)
        {
            var buffer = new byte[65_536];
            for (int read; (read = await ReadAsync(buffer, cancellationToken)) > 0;)
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
