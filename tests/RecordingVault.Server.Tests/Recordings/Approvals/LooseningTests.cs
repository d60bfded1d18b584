using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings.Approvals;

/// <summary>Where consent to a looser tag is missing and an Owner allowed it, a second Owner or Admin approves it or declines it.</summary>
public sealed class LooseningTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static readonly string[] s_none = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_asks_another_approves_and_the_log_has_both_with_their_words()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        using var asked = await two.TryAsync("no-ai-training", Ct);
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        var before = await two.TagAsync(Ct);

        using var done = await TwoPeople.DecideAsync(two.Second, id, Ct);
        var answer = await done.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var usage = await two.UsageAsync(Ct);

        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/loosenings/{id}", "no-tdm"), (asked.StatusCode, asked.Headers.Location?.OriginalString, before));
        Assert.Equal((HttpStatusCode.OK, "approved", "I saw the papers."), (done.StatusCode, answer.GetProperty("state").GetString(), answer.GetProperty("word").GetString()));
        Assert.Equal((two.Tenant.Owner.Name, two.Admin.Name), (answer.GetProperty("askedBy").GetProperty("name").GetString(), answer.GetProperty("decidedBy").GetProperty("name").GetString()));
        // The approval stands for consent to the tag, and gives nothing that people, policy or marks forbid.
        Assert.Equal(("no-ai-training", "no-tdm"), (usage.GetProperty("tag").GetString(), usage.GetProperty("usage").GetProperty("tag").GetString()));
        Assert.False(usage.GetProperty("purposes").GetProperty("ai-inference").GetBoolean());
        var (ask, approval, loosened) = (Assert.Single(await two.EventsAsync("recording.loosening-asked", Ct)), Assert.Single(await two.EventsAsync("recording.loosening-approved", Ct)), Assert.Single(await two.EventsAsync("recording.tag-loosened", Ct)));
        Assert.All([ask, approval, loosened], line => Assert.Equal((two.Recording, id.ToString(), "no-ai-training", "no-tdm"), (line.GetProperty("target").GetProperty("id").GetGuid(), TwoPeople.Detail(line, "request"), TwoPeople.Detail(line, "tag"), TwoPeople.Detail(line, "before"))));
        Assert.Equal(("They all signed.", "I saw the papers.", "They all signed."), (TwoPeople.Detail(ask, "why"), TwoPeople.Detail(approval, "why"), TwoPeople.Detail(loosened, "why")));
        Assert.Equal(two.Admin.Id, loosened.GetProperty("actor").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task What_is_declined_changes_nothing_and_is_over()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct);

        using var silent = await TwoPeople.DecideAsync(two.Second, id, Ct, "decline", " ");
        using var neither = await TwoPeople.DecideAsync(two.Second, id, Ct, "perhaps");
        using var done = await TwoPeople.DecideAsync(two.Second, id, Ct, "decline", "Ask Ben first.");
        using var after = await TwoPeople.DecideAsync(two.Second, id, Ct);

        Assert.Equal(("word", "decision"), (await FieldAsync(silent), await FieldAsync(neither)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict, "loosening-over"), (done.StatusCode, after.StatusCode, await SharedLink.SlugAsync(after, Ct)));
        Assert.Equal(("no-tdm", "declined"), (await two.TagAsync(Ct), await two.StateAsync(id, Ct)));
        Assert.Equal("Ask Ben first.", TwoPeople.Detail(Assert.Single(await two.EventsAsync("recording.loosening-declined", Ct)), "why"));
    }

    [Fact]
    public async Task Who_asks_does_not_decide_and_nor_does_who_is_no_admin_any_more()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct);
        using var demoted = await two.AnotherAsync(Role.Admin, Ct);
        using var contributor = await two.AnotherAsync(Role.Contributor, Ct);
        var script = await two.Tenant.ClientAsync(Role.Admin, Ct);

        using var own = await TwoPeople.DecideAsync(two.Asker, id, Ct);
        using var ownByForm = await two.Asker.PostFormAsync($"/loosenings/{id}", [("decision", "decline"), ("word", "Never mind.")], Ct, "/");
        using var byToken = await script.PostAsJsonAsync($"/api/v1/loosenings/{id}/decision", new { decision = "approve", word = "Fine." }, Ct);
        using var byContributor = await TwoPeople.DecideAsync(contributor, id, Ct);
        using var readByContributor = await contributor.GetAsync($"/api/v1/loosenings/{id}", Ct);
        await ChangeMembersAsync(two, rows => rows.Where(row => row.Role == Role.Admin && row.MemberId != two.Admin.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Viewer), Ct));
        using var byDemoted = await TwoPeople.DecideAsync(demoted, id, Ct);
        await ChangeMembersAsync(two, rows => rows.Where(row => row.MemberId == two.Admin.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, vault.Clock.GetUtcNow()), Ct));
        using var byLeaver = await TwoPeople.DecideAsync(two.Second, id, Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "loosening-own"), (own.StatusCode, await SharedLink.SlugAsync(own, Ct)));
        Assert.Equal((HttpStatusCode.Forbidden, "person-needed"), (byToken.StatusCode, await SharedLink.SlugAsync(byToken, Ct)));
        Assert.All([ownByForm, byContributor, readByContributor, byDemoted], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.False(byLeaver.IsSuccessStatusCode);
        Assert.Equal(("no-tdm", "pending"), (await two.TagAsync(Ct), await two.StateAsync(id, Ct)));
        Assert.Equal("loosening-own", TwoPeople.Detail(Assert.Single(await two.EventsAsync("recording.loosening-approved", Ct), line => line.GetProperty("outcome").GetString() == "refused" && TwoPeople.Detail(line, "reason") == "loosening-own"), "reason"));
    }

    [Fact]
    public async Task Of_two_who_decide_at_once_one_does()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct);
        using var third = await two.AnotherAsync(Role.Owner, Ct);

        var answers = await Task.WhenAll(TwoPeople.DecideAsync(two.Second, id, Ct), TwoPeople.DecideAsync(third, id, Ct, "decline"));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        var late = answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict);
        Assert.Equal("loosening-over", await SharedLink.SlugAsync(late, Ct));
        var isApproved = answers[0].StatusCode == HttpStatusCode.OK;
        Assert.Equal((isApproved ? "no-ai-training" : "no-tdm", isApproved ? "approved" : "declined"), (await two.TagAsync(Ct), await two.StateAsync(id, Ct)));
        Assert.Single([.. await two.EventsAsync("recording.loosening-approved", Ct), .. await two.EventsAsync("recording.loosening-declined", Ct)]);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task An_old_sign_in_is_shown_again_first_and_the_page_keeps_what_was_written()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var id = await two.AskAsync(Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var byScript = await TwoPeople.DecideAsync(two.Second, id, Ct);
        using var byForm = await two.Second.PostFormAsync($"/loosenings/{id}", [("decision", "approve"), ("word", "I saw them.")], Ct, "/");
        var page = await byForm.Content.ReadAsStringAsync(Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "fresh-sign-in", HttpStatusCode.Forbidden), (byScript.StatusCode, await SharedLink.SlugAsync(byScript, Ct), byForm.StatusCode));
        Assert.Contains(">I saw them.</textarea>", page, StringComparison.Ordinal);
        Assert.Contains("show again who you are", page, StringComparison.Ordinal);
        Assert.Equal("no-tdm", await two.TagAsync(Ct));
    }

    [Fact]
    public async Task It_is_asked_and_decided_by_the_pages_and_waits_in_the_library_of_whom_it_is_for()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        using var contributor = await two.AnotherAsync(Role.Contributor, Ct);
        using var asked = await two.Asker.PostFormAsync($"/recordings/{two.Recording}/use", [("tag", "no-ai-training"), ("reason", "They all signed.")], Ct, "/");
        var path = asked.Headers.Location!.OriginalString;

        var (forSecond, forAsker, forOther) = (await PageAsync(two.Second, "/"), await PageAsync(two.Asker, "/"), await PageAsync(contributor, "/"));
        var use = await PageAsync(two.Second, $"/recordings/{two.Recording}/use");
        var own = await PageAsync(two.Asker, path);
        var open = await PageAsync(two.Second, path);
        using var silent = await two.Second.PostFormAsync(path, [("decision", "approve"), ("word", " ")], Ct, "/");
        using var done = await two.Second.PostFormAsync(path, [("decision", "approve"), ("word", "Seen.")], Ct, "/");
        var list = await PageAsync(two.Asker, "/loosenings");

        Assert.Equal((HttpStatusCode.Redirect, true), (asked.StatusCode, path.StartsWith("/loosenings/", StringComparison.Ordinal)));
        Assert.Contains($"href=\"{path}\"", forSecond, StringComparison.Ordinal);
        Assert.All([forAsker, forOther], page => Assert.DoesNotContain("/loosenings", page, StringComparison.Ordinal));
        Assert.Contains($"href=\"{path}\"", use, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"approve\"", own, StringComparison.Ordinal);
        Assert.Contains("value=\"approve\"", open, StringComparison.Ordinal);
        Assert.Contains("They all signed.", open, StringComparison.Ordinal);
        Assert.Contains("id=\"word-error\"", await silent.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, path), (silent.StatusCode, done.Headers.Location?.OriginalString));
        Assert.Equal("no-ai-training", await two.TagAsync(Ct));
        Assert.Contains("It was approved", list, StringComparison.Ordinal);
        Assert.Contains("It was approved", await PageAsync(two.Asker, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenant_finds_none_of_it_and_the_list_is_paged()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct);
        using var others = await TwoPeople.MakeAsync(vault.Vault, Ct);
        var (first, second) = (await two.AskAsync(Ct), await two.AskAsync(Ct, "allowed"));

        using var read = await others.Second.GetAsync($"/api/v1/loosenings/{first}", Ct);
        using var page = await others.Second.GetAsync($"/loosenings/{first}", Ct);
        using var decided = await TwoPeople.DecideAsync(others.Second, first, Ct);
        using var decidedByForm = await others.Second.PostFormAsync($"/loosenings/{first}", [("decision", "approve"), ("word", "Fine.")], Ct, "/");
        var theirs = await others.ReadAsync("/api/v1/loosenings", Ct);
        var newest = await two.ReadAsync("/api/v1/loosenings?limit=1", Ct);
        var older = await two.ReadAsync($"/api/v1/loosenings?limit=1&cursor={newest.GetProperty("nextCursor").GetString()}", Ct);
        using var wrong = await two.Second.GetAsync("/api/v1/loosenings?cursor=AAAA", Ct);

        Assert.All([read, page, decided, decidedByForm], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Empty(theirs.GetProperty("items").EnumerateArray());
        Assert.Equal((second, first), (newest.GetProperty("items")[0].GetProperty("id").GetGuid(), older.GetProperty("items")[0].GetProperty("id").GetGuid()));
        Assert.Equal(JsonValueKind.Null, older.GetProperty("nextCursor").ValueKind);
        Assert.Equal("cursor", await FieldAsync(wrong));
    }

    [Fact]
    public async Task Where_no_consent_is_missing_the_tag_changes_at_once_and_without_the_rule_nothing_waits()
    {
        using var two = await TwoPeople.MakeAsync(vault.Vault, Ct, isTaken: false);
        using var refused = await two.TryAsync("no-ai-training", Ct);
        (await two.PolicyAsync(new { approval = true, needConsent = s_none, reason = "For the test." }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var done = await two.TryAsync("no-ai-training", Ct);

        Assert.Equal((HttpStatusCode.Conflict, "consent-missing", HttpStatusCode.OK), (refused.StatusCode, await SharedLink.SlugAsync(refused, Ct), done.StatusCode));
        Assert.Equal("no-ai-training", await two.TagAsync(Ct));
        Assert.Empty(await two.EventsAsync("recording.loosening-asked", Ct));
    }

    private static async Task ChangeMembersAsync(TwoPeople two, Func<IQueryable<RecordingVault.Server.Features.Members.Membership>, Task<int>> change)
    {
        await using var scope = two.Tenant.Enter();
        await change(scope.ServiceProvider.GetRequiredService<VaultDbContext>().Memberships);
    }

    private static async Task<string> PageAsync(TestBrowser browser, string path)
    {
        using var answer = await browser.GetAsync(path, Ct);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private static async Task<string?> FieldAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString();
}
