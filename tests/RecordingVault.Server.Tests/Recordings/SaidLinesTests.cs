using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Playback.Captions;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>The results of a search show the sentence that was meant, and lead to its second.</summary>
public sealed class SaidLinesTests(SharedVault shared)
{
    private const string Talk = """
        WEBVTT

        00:00:04.000 --> 00:00:06.000
        <v Ben>Good morning, both.

        00:01:23.400 --> 00:01:27.000
        <v Ben>The lighthouse is <i>sold</i> & empty.

        01:02:03.000 --> 01:02:05.000
        Nobody minds the LIGHTHOUSE.
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_sentence_stands_with_its_time_and_leads_to_its_second()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, ObjectRole.Captions, Talk);

        var page = await SearchAsync(tenant, Role.Viewer, "lighthouse");

        var lines = Regex.Matches(page, "<a href=\"(?<to>[^\"]*#t=[^\"]*)\">(?<words>.*?)</a>", RegexOptions.Singleline | RegexOptions.ExplicitCapture);
        Assert.Equal([$"/recordings/{id}#t=83.4", $"/recordings/{id}#t=3723"], lines.Select(line => line.Groups["to"].Value));
        Assert.Equal(["1:23 Ben The lighthouse is sold & empty.", "1:02:03 Nobody minds the LIGHTHOUSE."], lines.Select(line => string.Join(' ', Regex.Replace(line.Groups["words"].Value, "<[^>]*>", " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public async Task A_sentence_that_holds_more_of_the_words_is_shown_before_one_that_holds_fewer()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var text = new StringBuilder("WEBVTT\n");
        for (var second = 10; second < 50; second += 10)
            text.Append(CultureInfo.InvariantCulture, $"\n00:{second}.000 --> 00:{second + 5}.000\nThe lighthouse again.\n");
        var id = await PutAsync(tenant, ObjectRole.Transcript, text.Append("\n00:55.000 --> 00:58.000\nA jetty near the lighthouse.\n").ToString());

        var page = await SearchAsync(tenant, Role.Viewer, "jetty lighthouse");

        Assert.Contains($"/recordings/{id}#t=55", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("#t=").Length - 1);
    }

    [Fact]
    public async Task What_it_shows_is_released_once_with_an_event_of_each_recording_that_holds_none_of_the_words()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var said = await PutAsync(tenant, ObjectRole.Captions, Talk);
        await PutAsync(tenant, ObjectRole.Captions, "WEBVTT\n\n00:01.000 --> 00:02.000\nNothing of it.\n");
        using var browser = await SignInAsync(tenant, Role.Viewer);
        await SearchAsync(browser, "lighthouse");

        Assert.Contains("#t=83.4", await SearchAsync(browser, "lighthouse empty"), StringComparison.Ordinal);
        using var captions = await browser.GetAsync($"/api/v1/recordings/{said}/captions/und", Ct);

        Assert.Equal(HttpStatusCode.OK, captions.StatusCode);
        var told = await tenant.EventsAsync(Ct);
        var released = Assert.Single(told, line => line.GetProperty("type").GetString() == "content.released");
        Assert.Equal((said, "preview", true), (released.GetProperty("target").GetProperty("id").GetGuid(), released.GetProperty("details").GetProperty("purpose").GetString(), released.GetProperty("decrypted").GetBoolean()));
        Assert.All(told, line => Assert.DoesNotContain("lighthouse", JsonSerializer.Serialize(line), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_title_that_was_meant_opens_no_text()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, ObjectRole.Captions, Talk);

        var page = await SearchAsync(tenant, Role.Viewer, "marker");

        Assert.Contains($"{id}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("#t=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("content.released", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_chat_that_tells_no_second_is_found_without_one()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await PutAsync(tenant, ObjectRole.Chat, "Ben: the lighthouse");

        var page = await SearchAsync(tenant, Role.Viewer, "lighthouse");

        Assert.Contains("Said or written in it", page, StringComparison.Ordinal);
        Assert.DoesNotContain("#t=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_restricted_to_others_shows_no_sentence()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, ObjectRole.Captions, Talk);
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(recording => recording.Label, ConfidentialityLabel.Restricted), Ct));

        Assert.DoesNotContain("#t=", await SearchAsync(tenant, Role.Viewer, "lighthouse marker"), StringComparison.Ordinal);
        Assert.Contains($"/recordings/{id}#t=83.4", await SearchAsync(tenant, Role.Owner, "lighthouse"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gate_itself_refuses_the_sentences_of_what_is_restricted_to_others()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, ObjectRole.Captions, Talk);
        await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Recordings.ExecuteUpdateAsync(row => row.SetProperty(recording => recording.Label, ConfidentialityLabel.Restricted), Ct));
        SearchWords.TryParse("lighthouse", out var words);

        Assert.Empty(await AsAsync(tenant, Role.Viewer, (http, said) => said.FindAsync(http, id, words, Ct)));

        var refused = Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == "content.refused");
        Assert.Equal((id, "preview"), (refused.GetProperty("target").GetProperty("id").GetGuid(), refused.GetProperty("details").GetProperty("purpose").GetString()));
        Assert.DoesNotContain("content.released", await tenant.EventTypesAsync(Ct));
        Assert.Equal(2, (await AsAsync(tenant, Role.Owner, (http, said) => said.FindAsync(http, id, words, Ct))).Count);
    }

    [Fact]
    public async Task When_the_time_is_over_the_page_waits_for_no_text_and_a_film_had_its_captions_meanwhile()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = new[] { await PutAsync(tenant, ObjectRole.Captions, Talk), await PutAsync(tenant, ObjectRole.Captions, Talk) };
        SearchWords.TryParse("lighthouse", out var words);
        var clock = new FakeTimeProvider();
        Task<IReadOnlyDictionary<Guid, IReadOnlyList<SaidLine>>> FindAsync(HttpContext http, ISaidLines said) => new FoundLines(said, SearchLimits.Default, clock).OfAsync(http, ids, words, Ct);

        var turns = await Task.WhenAll(Enumerable.Range(0, SearchTurns.AtOnce).Select(_ => shared.Vault.Services.GetRequiredService<SearchTurns>().TakeAsync(Ct)));
        var found = await AsAsync(tenant, Role.Viewer, async (http, said) =>
        {
            var finding = FindAsync(http, said);
            using var captions = await (await tenant.ClientAsync(Role.Viewer, Ct)).GetAsync($"/api/v1/recordings/{ids[0]}/captions/und", Ct);
            Assert.Equal(HttpStatusCode.OK, captions.StatusCode);
            Assert.False(finding.IsCompleted);
            clock.Advance(SearchLimits.Default.LongestForLines);
            return await finding;
        });
        Assert.Empty(found);

        Array.ForEach(turns, turn => turn.Dispose());
        Assert.Equal(ids, (await AsAsync(tenant, Role.Viewer, FindAsync)).Keys);
    }

    [Fact]
    public async Task A_text_that_is_damaged_shows_no_sentence_and_is_told()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PutAsync(tenant, ObjectRole.Captions, Talk);
        using var browser = await SignInAsync(tenant, Role.Viewer);
        Assert.Contains("#t=83.4", await SearchAsync(browser, "lighthouse"), StringComparison.Ordinal);
        await DamageAsync(tenant, id);

        var page = await SearchAsync(browser, "lighthouse");

        Assert.Contains("Said or written in it", page, StringComparison.Ordinal);
        Assert.DoesNotContain("#t=", page, StringComparison.Ordinal);
        Assert.Contains("content.damaged", await tenant.EventTypesAsync(Ct));
    }

    /// <summary>In a request of somebody with this role, as far as its sign-in.</summary>
    private async Task<T> AsAsync<T>(TestTenant tenant, Role role, Func<HttpContext, ISaidLines, Task<T>> act)
    {
        await using var scope = shared.Vault.Services.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Headers.Authorization = (await tenant.ClientAsync(role, Ct)).DefaultRequestHeaders.Authorization!.ToString();
        http.User = (await http.AuthenticateAsync(VaultSchemes.Member)).Principal!;
        return await act(http, scope.ServiceProvider.GetRequiredService<ISaidLines>());
    }

    private async Task DamageAsync(TestTenant tenant, Guid id)
    {
        var view = new VaultView(shared.Vault, tenant.Id);
        var found = (await view.ObjectsAsync(id)).Single(one => one.Role == ObjectRole.Captions);
        await File.WriteAllBytesAsync(view.FileOf(found), new byte[300], Ct);
    }

    private async Task<Guid> PutAsync(TestTenant tenant, ObjectRole role, string text)
    {
        var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 500, Ct);
        await using var scope = tenant.Enter();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
        var asset = await shared.Vault.Services.GetRequiredService<SealedStore>().PutAssetAsync(key, Guid.CreateVersion7(), role, "text/vtt", new MemoryStream(Encoding.UTF8.GetBytes(text)), Ct);
        await scope.ServiceProvider.GetRequiredService<ManifestChanges>().AddAsync(recording.Id, [new NewAsset(asset)], key, Actor.System, () => Task.CompletedTask, Ct);
        await ActivatorUtilities.CreateInstance<WordsJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
        return recording.Id;
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role == Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private async Task<string> SearchAsync(TestTenant tenant, Role role, string words)
    {
        using var browser = await SignInAsync(tenant, role);
        return await SearchAsync(browser, words);
    }

    private static async Task<string> SearchAsync(TestBrowser browser, string words)
    {
        using var answer = await browser.PostFormAsync("/search", [("words", words)], Ct, "/");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
    }
}
