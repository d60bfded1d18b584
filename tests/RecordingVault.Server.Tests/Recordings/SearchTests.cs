using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class SearchTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Words_are_found_in_titles_and_people_whatever_their_case_and_accents()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await MakeAsync(tenant, "Gespräch Müller", "Ben");
        await MakeAsync(tenant, "Weekly", "Zoë Kraft");

        Assert.Equal(["Gespräch Müller"], await TitlesAsync(tenant, new { words = "muller GESPRACH" }));
        Assert.Equal(["Weekly"], await TitlesAsync(tenant, new { words = "zoe" }));
        Assert.Empty(await TitlesAsync(tenant, new { words = "zoe muller" }));
    }

    [Fact]
    public async Task A_changed_title_is_found_by_its_new_words_only()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await MakeAsync(tenant, "Before", "Ben");
        Assert.Single(await TitlesAsync(tenant, new { words = "before" }));

        (await (await tenant.ClientAsync(Role.Owner, Ct)).PatchAsJsonAsync($"/api/v1/recordings/{id}", new { title = "After" }, Ct)).EnsureSuccessStatusCode();

        Assert.Empty(await TitlesAsync(tenant, new { words = "before" }));
        Assert.Equal(["After"], await TitlesAsync(tenant, new { words = "after" }));
    }

    [Fact]
    public async Task Nothing_is_found_in_the_trash_or_in_another_tenant()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await MakeAsync(tenant, "Lantern", "Ben");
        Assert.Single(await TitlesAsync(tenant, new { words = "lantern" }));

        Assert.Empty(await TitlesAsync(other, new { words = "lantern" }));
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/recordings/{id}", Ct)).EnsureSuccessStatusCode();
        Assert.Empty(await TitlesAsync(tenant, new { words = "lantern" }));
    }

    [Fact]
    public async Task An_auditor_searches_nothing_and_wrong_words_are_named()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);

        using var refused = await (await tenant.ClientAsync(Role.Auditor, Ct)).PostAsJsonAsync("/api/v1/recordings/search", new { words = "a" }, Ct);
        using var empty = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings/search", new { words = " " }, Ct);
        var problem = await empty.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        Assert.Equal("words", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task What_does_not_fit_is_opened_up_to_a_limit_and_the_answer_says_how_far_back()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await MakeAsync(tenant, "The oldest", "Ben");
        for (var i = 0; i < 200; i++)
            await MakeAsync(tenant, $"Number {i}", "Ben");
        await using var scope = tenant.Enter();
        var limits = new SearchLimits(TenantBytes: 0, NodeBytes: 0, OpenedAtOnce: 200);
        var services = scope.ServiceProvider;
        var search = new RecordingSearch(
            services.GetRequiredService<VaultDbContext>(),
            new FoldedNames(services.GetRequiredService<VaultDbContext>(), services.GetRequiredService<TenantKeys>(), new SearchIndex(limits, TimeProvider.System)), services.GetRequiredService<SaidWords>(), limits,
            services.GetRequiredService<LibraryRows>(), services.GetRequiredService<RecordingReading>(), services.GetRequiredService<Cursors>(), TimeProvider.System);
        SearchWords.TryParse("oldest", out var words);

        var first = await search.FindAsync(new SearchReader(tenant.Owner.Id, ReadsTexts: true, SeesRestricted: true), words, new LibraryFilter(), 50, null, Ct);
        var second = await search.FindAsync(new SearchReader(tenant.Owner.Id, ReadsTexts: true, SeesRestricted: true), words, new LibraryFilter(), 50, first!.NextCursor, Ct);

        Assert.Empty(first.Items);
        Assert.NotNull(first.SearchedBackTo);
        Assert.Equal("The oldest", Assert.Single(second!.Items).Title);
        Assert.Null(second.NextCursor);
        Assert.Null(second.SearchedBackTo);
    }

    [Fact]
    public async Task The_page_searches_by_post_and_shows_the_words_in_no_address()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await MakeAsync(tenant, "Lantern <b>", "Ben");
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        using var answer = await browser.PostFormAsync("/search", [("words", "lantern")], Ct, "/");
        var page = await answer.Content.ReadAsStringAsync(Ct);
        using var nothing = await browser.PostFormAsync("/search", [("words", "harbour")], Ct, "/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Lantern &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("words=", page, StringComparison.Ordinal);
        Assert.Contains("No recording matches", await nothing.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task<Guid> MakeAsync(TestTenant tenant, string title, string person)
    {
        using var made = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings", new { title, participants = new[] { new { name = person } } }, Ct);
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
    }

    private static async Task<IReadOnlyList<string?>> TitlesAsync(TestTenant tenant, object body)
    {
        using var answer = await (await tenant.ClientAsync(Role.Viewer, Ct)).PostAsJsonAsync("/api/v1/recordings/search", body, Ct);
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString())];
    }
}
