using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Evidence;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>How long evidence is there: as long as what it shows, or until the day that somebody named; and what becomes of it then.</summary>
public sealed class EvidenceLifeTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_destroys_what_should_not_have_been_taken()
    {
        var (recording, records) = await SaidAsync();
        var id = await AddAsync(recording, records);
        var admin = await recording.Tenant.ClientAsync(Role.Admin, Ct);

        using var gone = await admin.DeleteAsync($"/api/v1/consent-evidence/{id}", Ct);
        using var again = await admin.DeleteAsync($"/api/v1/consent-evidence/{id}", Ct);
        using var fetched = await admin.GetAsync($"/api/v1/consent-evidence/{id}/download", Ct);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (gone.StatusCode, again.StatusCode, fetched.StatusCode));
        Assert.Equal((0, 0, 0), await PlantedEvidence.LeftAsync(recording.Tenant, Ct));
        Assert.Equal("by-hand", (await DestroyedAsync(recording.Tenant)).GetProperty("details").GetProperty("why").GetString());
        Assert.Equal(2, (await recording.RecordsAsync(Ct)).Count);
    }

    [Fact]
    public async Task It_goes_with_its_recording()
    {
        var (recording, records) = await SaidAsync();
        await AddAsync(recording, records);

        await DestroyAsync(recording);

        Assert.Equal((0, 0, 0), await PlantedEvidence.LeftAsync(recording.Tenant, Ct));
        Assert.Equal("recording-destroyed", (await DestroyedAsync(recording.Tenant)).GetProperty("details").GetProperty("why").GetString());
    }

    [Fact]
    public async Task What_somebody_keeps_longer_outlives_its_recording_until_its_day()
    {
        var (recording, id) = await OutlivedAsync();
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Ct);

        var alone = (await owner.GetFromJsonAsync<JsonElement>("/api/v1/consent-evidence", Ct)).GetProperty("items").EnumerateArray().Single();
        using var fetched = await owner.GetAsync($"/api/v1/consent-evidence/{id}/download", Ct);
        using var contributors = await (await recording.Tenant.ClientAsync(Role.Contributor, Ct)).GetAsync($"/api/v1/consent-evidence/{id}/download", Ct);
        await SweepAsync();
        var before = await PlantedEvidence.LeftAsync(recording.Tenant, Ct);
        vault.Clock.Advance(TimeSpan.FromHours(2));
        await SweepAsync();

        Assert.Equal((id, "Ben", 0), (alone.GetProperty("id").GetGuid(), alone.GetProperty("about").GetProperty("person").GetString(), alone.GetProperty("records").GetArrayLength()));
        Assert.Equal(["share-external given", "transcribe given"], alone.GetProperty("about").GetProperty("said").EnumerateArray().Select(said => $"{said.GetProperty("purpose")} {said.GetProperty("status")}"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (fetched.StatusCode, contributors.StatusCode));
        Assert.Equal(1, before.Rows);
        Assert.Equal((0, 0, 0), await PlantedEvidence.LeftAsync(recording.Tenant, Ct));
        Assert.Equal("time-over", (await DestroyedAsync(recording.Tenant)).GetProperty("details").GetProperty("why").GetString());
    }

    [Fact]
    public async Task The_page_shows_what_outlived_its_recording_and_destroys_it()
    {
        var (recording, id) = await OutlivedAsync();
        using var browser = new TestBrowser(vault.Vault);
        await browser.SignInAsync(recording.Tenant.Owner, Ct);

        var page = await (await browser.GetAsync(EvidencePages.Path, Ct)).Content.ReadAsStringAsync(Ct);
        using var destroyed = await browser.PostFormAsync($"/consent-evidence/{id}/destroy", [], Ct, EvidencePages.Path);
        var after = await (await browser.GetAsync(EvidencePages.Path, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Contains($"/api/v1/consent-evidence/{id}/download", page, StringComparison.Ordinal);
        Assert.Equal(EvidencePages.Path, destroyed.Headers.Location?.OriginalString);
        Assert.DoesNotContain($"{id}", after, StringComparison.Ordinal);
        Assert.Equal("by-hand", (await DestroyedAsync(recording.Tenant)).GetProperty("details").GetProperty("why").GetString());
    }

    [Fact]
    public async Task What_a_crash_left_is_swept_and_what_belongs_to_somebody_is_not()
    {
        var (recording, records) = await SaidAsync();
        await AddAsync(recording, records);
        var kept = await PlantedEvidence.LeftAsync(recording.Tenant, Ct);
        await PlantedEvidence.BeginAsync(recording.Tenant, Guid.CreateVersion7(), vault.Clock.GetUtcNow().AddDays(-2), Ct);
        await PlantedEvidence.BeginAsync(recording.Tenant, Guid.CreateVersion7(), vault.Clock.GetUtcNow(), Ct);
        // A process that died between the put of a key and the commit of its row.
        await using (var scope = recording.Tenant.Enter())
            (await scope.ServiceProvider.GetRequiredService<TenantKeys>().NewEvidenceKeyAsync(Guid.CreateVersion7(), Ct)).Dispose();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(vault.Vault.DataDirectory, "store", "t", $"{recording.Tenant.Id}", "e"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(path, vault.Clock.GetUtcNow().UtcDateTime.AddDays(-2));

        await SweepAsync();

        // The one that has just begun still comes.
        Assert.Equal((kept.Rows + 1, kept.Keys + 1, kept.Objects + 1), await PlantedEvidence.LeftAsync(recording.Tenant, Ct));
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_what_was_bound()
    {
        var (recording, records) = await SaidAsync();
        await AddAsync(recording, records);

        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("UPDATE consent_evidence_records SET record_id = evidence_id", Ct));
        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("UPDATE consent_evidence SET digest = name WHERE object_id IS NOT NULL", Ct));
        await Assert.ThrowsAnyAsync<DbException>(() => vault.SqlAsync("UPDATE consent_evidence SET kept_until = 0 WHERE object_id IS NOT NULL", Ct));
    }

    [Fact]
    public async Task No_word_of_a_file_or_of_its_name_lies_readable_in_store_or_database()
    {
        var (recording, records) = await SaidAsync();
        byte[][] words = ["snapdragon-51fe in the paper"u8.ToArray(), "valerian-0b3c.pdf"u8.ToArray(), "valerian-0b3c"u8.ToArray()];

        using var added = await SendAsync(recording, new ByteArrayContent([.. "%PDF-1.7\n"u8, .. words[0]]), "valerian-0b3c.pdf", records);
        using var fetched = await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"/api/v1/consent-evidence/{(await added.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid()}/download", Ct);

        Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
        Assert.Empty(Readable(words));
        // The control: the same words in clear are found.
        var planted = Path.Combine(vault.Vault.DataDirectory, "store", "planted");
        await File.WriteAllBytesAsync(planted, words[0], Ct);
        Assert.Equal([planted], Readable(words));
        File.Delete(planted);
    }

    /// <summary>Kept for an hour beyond its recording, which is gone.</summary>
    private async Task<(Ledgered Recording, Guid Id)> OutlivedAsync()
    {
        var (recording, records) = await SaidAsync();
        using var added = await PlantedEvidence.SendAsync(
            await recording.Tenant.ClientAsync(Role.Owner, Ct), recording.Id, new ByteArrayContent(PlantedEvidence.Paper), Ct, keptUntil: vault.Clock.GetUtcNow().AddHours(1), records: records);
        await DestroyAsync(recording);
        return (recording, (await added.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid());
    }

    private async Task<(Ledgered Recording, Guid[] Records)> SaidAsync()
    {
        var of = await TestTenant.CreateAsync(vault.Vault, Ct);
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

    private static async Task<JsonElement> DestroyedAsync(TestTenant tenant) => Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "consent.evidence-destroyed");

    private static async Task DestroyAsync(Ledgered recording)
    {
        (await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync(recording.Path, Ct)).EnsureSuccessStatusCode().Dispose();
        await using var scope = recording.Tenant.Enter();
        var destruction = scope.ServiceProvider.GetRequiredService<RecordingDestruction>();
        Assert.True(await destruction.MarkAsync(recording.Id, isByHand: true, Actor.System, Ct));
        await destruction.DestroyAsync(recording.Id, Ct);
        Assert.False(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.AnyAsync(row => row.Id == recording.Id, Ct));
    }

    private async Task SweepAsync()
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepEvidenceJob>>().RunAsync(Ct);
    }

    private List<string> Readable(byte[][] words) =>
        [.. Directory.EnumerateFiles(vault.Vault.DataDirectory, "*", SearchOption.AllDirectories).Where(path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return words.Any(word => bytes.AsSpan().IndexOf(word) >= 0);
        })];
}
