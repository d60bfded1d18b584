using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>What people who were recorded do with the links by which they are asked, and with their receipts.</summary>
public sealed class AnswerTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task He_answers_each_use_on_its_own_and_what_he_leaves_open_is_no()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);

        await asked.AnswerAsync(Ct, "keep", "view-internal");

        var counts = await asked.CountsAsync(Ct);
        Assert.Equal(("given", "given", "refused", "refused"), (counts["keep"], counts["view-internal"], counts["share-external"], counts["ai-training"]));
        var events = await asked.Tenant.EventsAsync(Ct);
        var answered = events.First(line => line.GetProperty("type").GetString() == "consent.answered");
        Assert.Equal("participant", answered.GetProperty("actor").GetProperty("kind").GetString());
        Assert.Equal(asked.Ben, answered.GetProperty("actor").GetProperty("id").GetGuid());
        Assert.Equal(asked.Recording.Id, answered.GetProperty("target").GetProperty("id").GetGuid());
        var owner = await asked.Tenant.ClientAsync(Role.Owner, Ct);
        var record = (await owner.GetFromJsonAsync<JsonElement>($"{asked.Recording.Path}/consents?participant={asked.Ben}", Ct)).GetProperty("items").EnumerateArray().First(one => one.GetProperty("status").GetString() == "given");
        Assert.Equal(("page", "en", "vault-1"), (record.GetProperty("method").GetString(), record.GetProperty("language").GetString(), record.GetProperty("textVersion").GetString()));
    }

    [Fact]
    public async Task Before_the_secret_is_proved_the_page_names_nobody_and_is_the_same_for_every_id()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);

        using var known = await browser.GetAsync(asked.Path, Ct);
        using var unknown = await browser.GetAsync(Asked.Page + Guid.NewGuid(), Ct);
        using var wrong = await browser.SendJsonAsync(HttpMethod.Post, asked.Path + "/open", new { secret = SecretToken.ToText(SecretToken.New()) }, Ct, page: asked.Path);
        using var stranger = await browser.SendJsonAsync(HttpMethod.Post, $"{Asked.Page}{Guid.NewGuid()}/open", new { secret = asked.Secret }, Ct, page: asked.Path);
        using var answer = await Asked.AnswerAsync(browser, asked.Id, Ct, "keep");

        var text = await known.Content.ReadAsStringAsync(Ct);
        Assert.DoesNotContain("Ben", text, StringComparison.Ordinal);
        Assert.DoesNotContain(asked.Tenant.Name, text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        Assert.All([wrong, stranger, answer], refused => Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode));
        Assert.All((await asked.CountsAsync(Ct)).Values, status => Assert.Equal("requested", status));
    }

    [Fact]
    public async Task The_cookie_is_for_this_link_alone_and_no_other_door_looks_at_it()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var other = await Asked.MakeAsync(shared.Vault, Ct);
        using var browser = await asked.OpenedAsync(Ct);

        using var otherPage = await browser.GetAsync(other.Path + "/receipt", Ct);
        using var api = await browser.GetAsync($"{asked.Recording.Path}/consents", Ct);
        using var share = await browser.GetAsync($"/s/{asked.Id}/content", Ct);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (otherPage.StatusCode, api.StatusCode, share.StatusCode));
    }

    [Fact]
    public async Task The_question_says_who_asks_and_has_nothing_chosen_beforehand()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct, new { note = "It was <b>good</b>." });
        using var browser = await asked.OpenedAsync(Ct);

        using var page = await browser.GetAsync(asked.Path, Ct);

        var text = await page.Content.ReadAsStringAsync(Ct);
        Assert.Contains("Ben Okafor, you were recorded on", text, StringComparison.Ordinal);
        Assert.Contains(asked.Tenant.Owner.Name, text, StringComparison.Ordinal);
        Assert.Contains("It was &lt;b&gt;good&lt;/b&gt;.", text, StringComparison.Ordinal);
        Assert.Contains("Anna Lindqvist and you", text, StringComparison.Ordinal);
        Assert.DoesNotContain("checked", text.Split("id=\"answer\"")[1].Split("</form>")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_signature_nothing_is_kept_and_what_he_chose_stands_there()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        using var browser = await asked.OpenedAsync(Ct);

        using var answer = await browser.PostFormAsync(asked.Path + "/answer", [("keep", "yes"), ("name", " ")], Ct, page: asked.Path);

        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Write your name", text, StringComparison.Ordinal);
        Assert.Matches("name=\"keep\" value=\"yes\" checked", text);
        Assert.All((await asked.CountsAsync(Ct)).Values, status => Assert.Equal("requested", status));
    }

    [Fact]
    public async Task He_changes_his_answer_by_the_same_link_and_a_yes_taken_back_is_a_withdrawal()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        await asked.AnswerAsync(Ct, "keep", "share-external");

        await asked.AnswerAsync(Ct, "keep", "transcribe");

        var counts = await asked.CountsAsync(Ct);
        Assert.Equal(("given", "withdrawn", "given", "refused"), (counts["keep"], counts["share-external"], counts["transcribe"], counts["ai-training"]));
    }

    [Fact]
    public async Task The_receipt_takes_back_and_gives_nothing_and_says_what_became_of_it()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var receipt = await asked.AnswerAsync(Ct, "share-external", "keep");
        using var browser = await Asked.OpenedAsync(shared.Vault, receipt.Id, receipt.Secret, Ct);

        using var page = await browser.GetAsync(Asked.Page + receipt.Id, Ct);
        using var more = await Asked.AnswerAsync(browser, receipt.Id, Ct, "share-external", "keep", "ai-training");
        using var back = await Asked.AnswerAsync(browser, receipt.Id, Ct, "keep");

        var text = await page.Content.ReadAsStringAsync(Ct);
        Assert.Contains("this is what you agreed to", text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"ai-training\"", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, more.StatusCode);
        Assert.Contains("You took back your yes for", await back.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var counts = await asked.CountsAsync(Ct);
        Assert.Equal(("withdrawn", "given", "refused"), (counts["share-external"], counts["keep"], counts["ai-training"]));
    }

    [Fact]
    public async Task The_receipt_is_a_signed_document_that_whoever_has_it_checks_and_the_organisation_gets_the_same()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var owner = await asked.Tenant.ClientAsync(Role.Owner, Ct);
        (await owner.PutAsJsonAsync("/api/v1/tenant/consent", new { regions = new[] { new { code = "DE", rule = "notice-only" } } }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var browser = await asked.OpenedAsync(Ct);
        var receipt = Asked.ReceiptOf(await (await Asked.AnswerAsync(browser, asked.Id, Ct, "keep")).Content.ReadAsStringAsync(Ct));

        var own = await (await browser.GetAsync(asked.Path + "/receipt", Ct)).Content.ReadAsByteArrayAsync(Ct);
        var theirs = await owner.GetByteArrayAsync($"/api/v1/consent-receipts/{receipt.Id}", Ct);

        Assert.Equal(own, theirs);
        var document = SignedDocument.Verify(own);
        using var said = JsonDocument.Parse(document.Document);
        Assert.Equal("https://w3id.org/dpv/schema/dpv-27560#record", said.RootElement.GetProperty("dct:conformsTo").GetString());
        Assert.Equal("Ben Okafor", said.RootElement.GetProperty("dpv:hasDataSubject").GetProperty("dpv:hasName").GetString());
        Assert.Equal("loc:DE", Assert.Single(said.RootElement.GetProperty("dpv:hasJurisdiction").EnumerateArray()).GetString());
        var uses = said.RootElement.GetProperty("dpv:hasProcess").EnumerateArray().ToDictionary(use => use.GetProperty("dpv:hasPurpose").GetString()!.Split(':')[^1], use => use.GetProperty("dpv:hasConsentStatus").GetProperty("@type")[0].GetString());
        Assert.Equal(("dpv:ConsentGiven", "dpv:ConsentRefused"), (uses["keep"], uses["ai-training"]));
        Assert.DoesNotContain(receipt.Secret, Encoding.UTF8.GetString(own), StringComparison.Ordinal);
        using var keys = JsonDocument.Parse(await owner.GetStringAsync("/.well-known/recording-vault-keys.json", Ct));
        Assert.Contains(keys.RootElement.GetProperty("keys").EnumerateArray(), key => key.GetProperty("id").GetGuid() == document.KeyId);
        Assert.Contains("consent.receipt-read", await asked.Tenant.EventTypesAsync(Ct));
        Assert.Equal(receipt.Id, (await owner.GetFromJsonAsync<JsonElement>($"{asked.Recording.Path}/consent-receipts", Ct)).GetProperty("items")[0].GetProperty("id").GetGuid());
        var stranger = await (await TestTenant.CreateAsync(shared.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        using var refused = await stranger.GetAsync($"/api/v1/consent-receipts/{receipt.Id}", Ct);
        using var forbidden = await (await asked.Tenant.ClientAsync(Role.Viewer, Ct)).GetAsync($"/api/v1/consent-receipts/{receipt.Id}", Ct);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (refused.StatusCode, forbidden.StatusCode));
    }

    [Fact]
    public async Task He_watches_himself_where_he_may_and_not_by_a_receipt_and_not_to_keep()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct, new { mayWatch = true });
        await asked.Recording.LaidOutAsync(Ct);
        var silent = await Asked.MakeAsync(shared.Vault, Ct);
        await silent.Recording.LaidOutAsync(Ct);
        using var browser = await asked.OpenedAsync(Ct);
        using var other = await silent.OpenedAsync(Ct);

        using var film = await browser.GetAsync(asked.Path + "/content", Ct);
        var bytes = await film.Content.ReadAsByteArrayAsync(Ct);
        using var refused = await other.GetAsync(silent.Path + "/content", Ct);
        var receipt = await asked.AnswerAsync(Ct, "keep");
        using var holder = await Asked.OpenedAsync(shared.Vault, receipt.Id, receipt.Secret, Ct);
        using var byReceipt = await holder.GetAsync($"{Asked.Page}{receipt.Id}/content", Ct);

        Assert.Equal(asked.Recording.Leaves, bytes);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (refused.StatusCode, byReceipt.StatusCode));
        var released = (await asked.Tenant.EventsAsync(Ct)).First(line => line.GetProperty("type").GetString() == "content.released");
        Assert.Equal(("participant", asked.Ben), (released.GetProperty("actor").GetProperty("kind").GetString()!, released.GetProperty("actor").GetProperty("id").GetGuid()));
        (await (await asked.Tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/consent-requests/{asked.Id}", Ct)).EnsureSuccessStatusCode();
        using var after = await browser.GetAsync(asked.Path + "/content", Ct);
        Assert.Equal("link-stopped", await SharedLink.SlugAsync(after, Ct));
    }

    [Fact]
    public async Task A_destroyed_recording_takes_questions_and_receipts_with_it()
    {
        var asked = await Asked.MakeAsync(shared.Vault, Ct);
        var receipt = await asked.AnswerAsync(Ct, "keep");
        var owner = await asked.Tenant.ClientAsync(Role.Owner, Ct);
        (await owner.DeleteAsync(asked.Recording.Path, Ct)).EnsureSuccessStatusCode();
        await using var scope = asked.Tenant.Enter();
        var destruction = scope.ServiceProvider.GetRequiredService<RecordingDestruction>();
        Assert.True(await destruction.MarkAsync(asked.Recording.Id, isByHand: true, Actor.System, Ct));
        await destruction.DestroyAsync(asked.Recording.Id, Ct);

        using var browser = new TestBrowser(shared.Vault);
        using var opened = await browser.SendJsonAsync(HttpMethod.Post, $"{Asked.Page}{receipt.Id}/open", new { secret = receipt.Secret }, Ct, page: Asked.Page + receipt.Id);

        Assert.Equal(HttpStatusCode.NotFound, opened.StatusCode);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        Assert.False(await db.ConsentRequests.AnyAsync(Ct) || await db.ConsentReceipts.AnyAsync(Ct));
    }
}
