using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Rights;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>What a person may ask for: the file of what is held about him, and that it be erased.</summary>
public sealed class RightsTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_file_has_what_is_held_about_a_person_and_nothing_of_others()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var owner = await known.Tenant.ClientAsync(Role.Owner, Ct);
        var (first, ben) = await known.NameAsync("Ben Okafor", "ben@okafor.example", Ct, "Kick-off");
        var (_, benToo) = await known.NameAsync("B. Okafor", null, Ct, "Review");
        var (other, _) = await known.NameAsync("Zoë Keller", "zoe@keller.example", Ct, "Somebody else's");
        (await owner.PostAsJsonAsync($"/api/v1/recordings/{first}/consents", new { participant = ben, purpose = "share-external", status = "given", method = "mail", note = "By mail of Monday." }, Ct)).EnsureSuccessStatusCode().Dispose();
        (await owner.PostAsJsonAsync($"/api/v1/recordings/{first}/consent-requests", new { participants = new[] { ben }, note = "Please answer." }, Ct)).EnsureSuccessStatusCode().Dispose();
        (await owner.PostAsJsonAsync($"/api/v1/recordings/{first}/shares", new { recipientName = "Claire Dubois" }, Ct)).EnsureSuccessStatusCode().Dispose();
        var contact = await known.JoinAsync(Ct, ben, benToo);

        using var answer = await owner.GetAsync($"{Known.Path}/{contact}/file", Ct);
        var file = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.True(answer.IsSuccessStatusCode, file.GetRawText());
        Assert.Equal(("attachment", true), (answer.Content.Headers.ContentDisposition?.DispositionType, answer.Headers.CacheControl?.NoStore));
        Assert.Equal("ben@okafor.example", file.GetProperty("person").GetProperty("email").GetString());
        Assert.Equal(["Kick-off", "Review"], file.GetProperty("recordings").EnumerateArray().Select(one => one.GetProperty("title").GetString()));
        var recording = file.GetProperty("recordings")[0];
        Assert.Contains(recording.GetProperty("records").EnumerateArray(), record => record.GetProperty("note").GetString() == "By mail of Monday.");
        Assert.Equal("Please answer.", Assert.Single(recording.GetProperty("asked").EnumerateArray()).GetProperty("note").GetString());
        Assert.Equal("Claire Dubois", Assert.Single(recording.GetProperty("givenTo").GetProperty("links").EnumerateArray()).GetProperty("recipient").GetString());
        var text = file.GetRawText();
        Assert.DoesNotContain("Zo", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{other}", text, StringComparison.Ordinal);
        Assert.Contains("person-file.made", await known.Tenant.EventTypesAsync(Ct));
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Known.Path}/{contact}/file", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await known.Tenant.ClientAsync(Role.Contributor, Ct)).GetAsync($"{Known.Path}/{contact}/file", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_request_has_a_day_and_is_erased_only_when_no_recording_names_the_person()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var owner = await known.Tenant.ClientAsync(Role.Owner, Ct);
        var (recording, ben) = await known.NameAsync("Ben Okafor", "ben@okafor.example", Ct);
        var contact = await known.JoinAsync(Ct, ben);

        using var opened = await known.PostAsync($"/{contact}/erasure-requests", new { note = "By phone." }, Ct);
        using var twice = await known.PostAsync($"/{contact}/erasure-requests", new { }, Ct);
        using var late = await known.PostAsync($"/{contact}/erasure-requests", new { dueAt = DateTimeOffset.UnixEpoch }, Ct);
        var request = await opened.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var close = $"/api/v1/erasure-requests/{request.GetProperty("id").GetGuid()}/close";
        using var wordless = await owner.PostAsJsonAsync(close, new { outcome = "refused" }, Ct);
        using var unknown = await owner.PostAsJsonAsync(close, new { outcome = "gone", word = "Done." }, Ct);
        using var named = await owner.PostAsJsonAsync(close, new { outcome = "erased", word = "All of it." }, Ct);
        var open = await owner.GetFromJsonAsync<JsonElement>("/api/v1/erasure-requests", Ct);
        using var forgotten = await owner.DeleteAsync($"{Known.Path}/{contact}", Ct);
        (await owner.DeleteAsync($"/api/v1/participants/{ben}", Ct)).EnsureSuccessStatusCode().Dispose();
        using var erased = await owner.PostAsJsonAsync(close, new { outcome = "erased", word = "All of it." }, Ct);
        using var again = await owner.PostAsJsonAsync(close, new { outcome = "refused", word = "No." }, Ct);
        using var gone = await owner.GetAsync($"{Known.Path}/{contact}", Ct);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (opened.StatusCode, twice.StatusCode, late.StatusCode));
        Assert.Equal(30, (request.GetProperty("dueAt").GetDateTimeOffset() - request.GetProperty("receivedAt").GetDateTimeOffset()).TotalDays);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.Conflict), (wordless.StatusCode, unknown.StatusCode, named.StatusCode));
        Assert.Contains("erasure-waits", await forgotten.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("still-named", await named.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains(open.GetProperty("items").EnumerateArray(), one => one.GetProperty("contact").GetGuid() == contact && one.GetProperty("note").GetString() == "By phone.");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (erased.StatusCode, again.StatusCode, gone.StatusCode));
        Assert.Empty(known.KeyObjects(contact));
        var events = await known.Tenant.EventTypesAsync(Ct);
        Assert.Contains("erasure.requested", events);
        Assert.Single(events, type => type == "erasure.closed");
        Assert.NotEqual(Guid.Empty, recording);
    }

    [Fact]
    public async Task What_was_closed_as_erased_and_stopped_on_its_way_is_gone_on_with()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var owner = await known.Tenant.ClientAsync(Role.Owner, Ct);
        var (_, ben) = await known.NameAsync("Ben Okafor", null, Ct);
        var contact = await known.JoinAsync(Ct, ben);
        (await owner.DeleteAsync($"/api/v1/participants/{ben}", Ct)).EnsureSuccessStatusCode().Dispose();
        using var opened = await known.PostAsync($"/{contact}/erasure-requests", new { }, Ct);
        var id = (await opened.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        await using (var scope = known.Tenant.Enter())
        {
            // As a process leaves it that ended between the two.
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ErasureRequests.Where(request => request.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(request => request.Outcome, ErasureOutcome.Erased).SetProperty(request => request.ClosedAt, DateTimeOffset.UnixEpoch), Ct);
        }

        (await owner.PostAsJsonAsync($"/api/v1/erasure-requests/{id}/close", new { outcome = "erased", word = "All of it." }, Ct)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"{Known.Path}/{contact}", Ct)).StatusCode);
    }

    [Fact]
    public async Task What_was_asked_of_one_entry_is_asked_of_the_person_that_both_are()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var one = await known.JoinAsync(Ct, (await known.NameAsync("Ben Okafor", null, Ct)).Participant);
        var other = await known.JoinAsync(Ct, (await known.NameAsync("B. Okafor", null, Ct)).Participant);
        (await known.PostAsync($"/{other}/erasure-requests", new { }, Ct)).EnsureSuccessStatusCode().Dispose();

        (await known.PostAsync($"/{one}/merge", new { with = other }, Ct)).EnsureSuccessStatusCode().Dispose();

        Assert.Single((await known.ReadAsync($"/{one}/erasure-requests", Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_page_opens_and_closes_a_request_that_waits_in_the_library_meanwhile()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var contact = await known.JoinAsync(Ct, (await known.NameAsync("Ben Okafor", null, Ct)).Participant);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(known.Tenant.Owner, Ct);
        var page = $"/people/{contact}/rights";
        await known.NameAsync("ben okafor", null, Ct);

        using var wrong = await browser.PostFormAsync(page, [("dueAt", "next week"), ("note", "")], Ct);
        using var opened = await browser.PostFormAsync(page, [("dueAt", ""), ("note", "By phone.")], Ct);
        var library = await (await browser.GetAsync("/", Ct)).Content.ReadAsStringAsync(Ct);
        var id = (await known.ReadAsync($"/{contact}/erasure-requests", Ct)).GetProperty("items")[0].GetProperty("id").GetGuid();
        using var named = await browser.PostFormAsync($"/erasure-requests/{id}/close", [("outcome", "erased"), ("word", "All.")], Ct);
        using var closed = await browser.PostFormAsync($"/erasure-requests/{id}/close", [("outcome", "partly"), ("word", "Invoices stay.")], Ct);
        var read = await (await browser.GetAsync(page, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("dueAt-error", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((page, page), (opened.Headers.Location?.OriginalString, closed.Headers.Location?.OriginalString));
        Assert.Contains("to be erased", library, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, named.StatusCode);
        Assert.Contains("Invoices stay.", read, StringComparison.Ordinal);
        Assert.Contains("1 person of the same name or address may be him too.", read, StringComparison.Ordinal);
    }
}
