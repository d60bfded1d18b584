using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Making;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>What was said and written is found, from one sealed object of words for each text.</summary>
public sealed class SaidWordsTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Words_of_captions_and_chat_are_found_beside_those_of_the_title()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, (ObjectRole.Captions, "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ben>The Lighthouse is sold.\n"), (ObjectRole.Chat, "Zoë: see you at the jetty"));
        await StoredRecording.PutAsync(shared.Vault, tenant, 500, Ct);

        Assert.Equal([id], await FindAsync(tenant, "lighthouse"));
        Assert.Equal([id], await FindAsync(tenant, "marker JETTY zoe"));
        Assert.Empty(await FindAsync(tenant, "lighthouse harbour"));
        Assert.Empty(await FindAsync(tenant, "webvtt"));
        Assert.Empty(await FindAsync(await TestTenant.CreateAsync(shared.Vault, Ct), "lighthouse"));
    }

    [Fact]
    public async Task A_text_that_comes_later_is_found_too_and_its_words_are_no_file_of_the_recording()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, (ObjectRole.Chat, "first lighthouse"));
        Assert.Equal([id], await FindAsync(tenant, "lighthouse"));

        await AddAsync(tenant, id, ObjectRole.Transcript, "then the jetty");
        await RunAsync(tenant, id);
        await RunAsync(tenant, id);
        var roles = (await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct)).GetProperty("assets").EnumerateArray().Select(asset => asset.GetProperty("role").GetString());

        Assert.Equal([id], await FindAsync(tenant, "jetty lighthouse"));
        Assert.Equal(["original", "chat", "transcript"], roles);
        var made = await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == id && asset.Role == ObjectRole.SearchWords).ToListAsync(Ct));
        Assert.Equal(2, made.Count);
    }

    [Fact]
    public async Task Words_that_one_request_may_not_fetch_are_fetched_by_the_next_and_the_answer_says_so()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var oldest = await PutAsync(tenant, (ObjectRole.Chat, "the lighthouse"));
        await PutAsync(tenant, (ObjectRole.Chat, "nothing"));
        await PutAsync(tenant, (ObjectRole.Chat, "nothing again"));
        await using var scope = tenant.Enter();
        var services = scope.ServiceProvider;
        var (db, limits) = (services.GetRequiredService<VaultDbContext>(), new SearchLimits(TenantBytes: 0, NodeBytes: 0, OpenedAtOnce: 100, SaidOpenedAtOnce: 2));
        var index = new SearchIndex(limits, TimeProvider.System);
        var search = new RecordingSearch(
            db, new FoldedNames(db, services.GetRequiredService<TenantKeys>(), index), new SaidWords(db, index, services.GetRequiredService<IStoredWords>()), limits,
            services.GetRequiredService<LibraryRows>(), services.GetRequiredService<RecordingReading>(), services.GetRequiredService<Cursors>(), TimeProvider.System);
        SearchWords.TryParse("lighthouse", out var words);

        var first = await search.FindAsync(new SearchReader(tenant.Owner.Id, ReadsTexts: true, SeesRestricted: true), words, new LibraryFilter(), 50, null, Ct);
        var second = await search.FindAsync(new SearchReader(tenant.Owner.Id, ReadsTexts: true, SeesRestricted: true), words, new LibraryFilter(), 50, first!.NextCursor, Ct);

        Assert.Empty(first.Items);
        Assert.NotNull(first.SearchedBackTo);
        Assert.Equal(oldest, Assert.Single(second!.Items).Id);
        Assert.Null(second.SearchedBackTo);
    }

    [Fact]
    public async Task Words_that_were_opened_while_their_recording_went_are_neither_told_nor_kept()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 500, Ct);
        await using var scope = tenant.Enter();
        var (db, index) = (scope.ServiceProvider.GetRequiredService<VaultDbContext>(), new SearchIndex(SearchLimits.Default, TimeProvider.System));
        var head = new WordsHead(recording.Id, DateTimeOffset.UnixEpoch, 0, true);

        var kept = await new SaidWords(db, index, new WordsOf(() => Task.CompletedTask)).OpenAsync(head, [Guid.Empty], Ct);
        var gone = await new SaidWords(db, index, new WordsOf(() => db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(one => one.IsBeingDestroyed, true), Ct))).OpenAsync(head, [Guid.Empty], Ct);

        Assert.Equal(("SAID", null), (kept, gone));
        Assert.Null(index.FindSaid(tenant.Id, recording.Id, 1));
        Assert.Equal(0, index.HeldBytes);
    }

    [Fact]
    public async Task What_is_restricted_to_others_is_found_by_its_title_and_tells_no_word_that_was_said()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var contributor = await tenant.AddAsync(Role.Contributor, Ct);
        var (others, own) = (await PutAsync(tenant, (ObjectRole.Chat, "the lighthouse")), await PutAsync(tenant, (ObjectRole.Chat, "the lighthouse")));
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(async db =>
        {
            await db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(recording => recording.Label, ConfidentialityLabel.Restricted), Ct);
            return await db.Recordings.Where(recording => recording.Id == own).ExecuteUpdateAsync(row => row.SetProperty(recording => recording.CreatedBy, contributor.Id), Ct);
        });
        using var client = shared.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await tenant.TokenAsync(contributor, Role.Contributor, Ct));

        Assert.Empty(await FindAsync(tenant, "lighthouse"));
        Assert.Equal(2, (await FindAsync(tenant, "marker")).Count);
        Assert.Equal([own], await FindAsync(client, "lighthouse"));
        Assert.Equal([own, others], await FindAsync(await tenant.ClientAsync(Role.Owner, Ct), "lighthouse"));
    }

    [Fact]
    public async Task A_token_that_may_not_view_finds_no_word_that_was_said()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await PutAsync(tenant, (ObjectRole.Chat, "the lighthouse"));
        await using var scope = tenant.Enter();
        var made = await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("narrow", tenant.Owner.Id, Role.Owner, 30) { Purposes = ["download"] }, Actor.System, Ct);
        using var client = shared.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", made!.Value.Text.Show());

        Assert.Empty(await FindAsync(client, "lighthouse"));
        Assert.Single(await FindAsync(client, "marker"));
    }

    [Fact]
    public async Task What_only_the_text_holds_is_marked_so()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, (ObjectRole.Chat, "the lighthouse"));
        using var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(tenant.Owner, Ct)).Dispose();

        using var said = await browser.PostFormAsync("/search", [("words", "lighthouse")], Ct, "/");
        using var titled = await browser.PostFormAsync("/search", [("words", "marker")], Ct, "/");

        Assert.Contains("Said or written in it", await said.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var page = await titled.Content.ReadAsStringAsync(Ct);
        Assert.Contains($"{id}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Said or written in it", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_finds_texts_whose_words_nobody_made()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 500, Ct);
        await AddAsync(tenant, recording.Id, ObjectRole.Chat, "left behind");
        await using var scope = tenant.Enter();

        Assert.Equal(recording.Id, (await WordsJob.Due(scope.ServiceProvider.GetRequiredService<VaultDbContext>()).SingleAsync(Ct)).RecordingId);
        await ActivatorUtilities.CreateInstance<SweepWordsJob>(shared.Vault.Services).RunAsync(Ct);

        while (await WordsJob.Due(scope.ServiceProvider.GetRequiredService<VaultDbContext>()).AnyAsync(Ct))
            await Task.Delay(20, Ct);
        Assert.Equal([recording.Id], await FindAsync(tenant, "behind"));
    }

    [Fact]
    public async Task Two_runs_at_once_keep_the_words_of_a_text_once_and_leave_no_object_behind()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 500, Ct);
        await AddAsync(tenant, recording.Id, ObjectRole.Chat, "the lighthouse");
        var (seen, isDone, other) = (0, false, Task.CompletedTask);
        // The card of the recording is written meanwhile: its commands are not meant.
        var isOurs = new AsyncLocal<bool> { Value = true };

        // The other run comes and goes after this one has looked what is due.
        using (DatabaseEvents.WhenExecuting(tenant.Id, _ => isDone = isDone || (isOurs.Value && ++seen == 3 && RunMeanwhile())))
            await RunAsync(tenant, recording.Id);
        await other;

        Assert.True(isDone);
        var view = new VaultView(shared.Vault, tenant.Id);
        Assert.Single((await view.ManifestAsync(recording.Id)).Assets, asset => asset.Role == ObjectRole.SearchWords);
        Assert.Single(await view.ObjectsAsync(recording.Id), found => found.Role == ObjectRole.SearchWords);
        Assert.Equal([recording.Id], await FindAsync(tenant, "lighthouse"));

        bool RunMeanwhile()
        {
            isDone = true;
            other = Task.Run(() => RunAsync(tenant, recording.Id), Ct);
            return other.Wait(TimeSpan.FromSeconds(30), Ct);
        }
    }

    [Fact]
    public void Words_stand_once_folded_and_within_bounds()
    {
        Assert.Equal("1 BEN GRUN SAGT", SpokenWords.Of("1\n00:00:01,000 --> 00:00:02,000\nBen sagt: grün, GRÜN!\n"));
        Assert.Equal("", SpokenWords.Of("WEBVTT"));
        var text = string.Join(' ', Enumerable.Range(0, 100_000).Select(number => $"word{number}"));
        Assert.InRange(SpokenWords.Of(text).Length, SpokenWords.MostCharacters / 2, SpokenWords.MostCharacters);
        Assert.Equal(64, SpokenWords.Of(new string('a', 10_000)).Length);
    }

    private async Task<Guid> PutAsync(TestTenant tenant, params (ObjectRole Role, string Text)[] texts)
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 500, Ct);
        foreach (var (role, text) in texts)
            await AddAsync(tenant, recording.Id, role, text);
        await RunAsync(tenant, recording.Id);
        return recording.Id;
    }

    private async Task AddAsync(TestTenant tenant, Guid id, ObjectRole role, string text)
    {
        await using var scope = tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(id, Ct);
        var asset = await shared.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), role, "text/plain", new MemoryStream(Encoding.UTF8.GetBytes(text)), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(id, [new NewAsset(asset)], key, Actor.System, () => Task.CompletedTask, Ct);
    }

    private static async Task RunAsync(TestTenant tenant, Guid id)
    {
        await using var scope = tenant.Enter();
        await ActivatorUtilities.CreateInstance<WordsJob>(scope.ServiceProvider).RunAsync(id, Ct);
    }

    private static async Task<IReadOnlyList<Guid>> FindAsync(TestTenant tenant, string words) => await FindAsync(await tenant.ClientAsync(Role.Viewer, Ct), words);

    private static async Task<IReadOnlyList<Guid>> FindAsync(HttpClient client, string words)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/recordings/search", new { words }, Ct);
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
    }

    /// <summary>Words that come when something else has happened.</summary>
    private sealed class WordsOf(Func<Task> meanwhile) : IStoredWords
    {
        public async Task<string?> OpenAsync(Guid recordingId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken)
        {
            await meanwhile();
            return "SAID";
        }
    }
}
