using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Retention.Holds;

/// <summary>Setting holds and lifting them, of one recording and of a matter.</summary>
public sealed class HoldTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_sets_a_hold_and_it_is_told_with_its_matter()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);

        var (hold, again) = (await holding.HoldAsync(Ct), await holding.HoldAsync(Ct));
        var admin = await (await holding.Tenant.ClientAsync(Role.Admin, Ct)).GetFromJsonAsync<JsonElement>(holding.HoldsPath, Ct);
        var viewer = await (await holding.Tenant.ClientAsync(Role.Viewer, Ct)).GetFromJsonAsync<JsonElement>(holding.HoldsPath, Ct);
        var ofMatter = await (await holding.Tenant.ClientAsync(Role.Auditor, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/matters/{holding.Matter}/holds?state=standing", Ct);

        Assert.Equal(hold, again);
        var told = Assert.Single(admin.GetProperty("items").EnumerateArray());
        Assert.Equal(("Smith v. Jones", "Asked for by counsel.", holding.Tenant.Owner.Id), (told.GetProperty("matter").GetProperty("name").GetString(), told.GetProperty("reason").GetString(), told.GetProperty("setBy").GetProperty("id").GetGuid()));
        // Whoever sees the recording sees what holds it; why is not his to read.
        Assert.Equal(("Smith v. Jones", JsonValueKind.Null), (viewer.GetProperty("items")[0].GetProperty("matter").GetProperty("name").GetString(), viewer.GetProperty("items")[0].GetProperty("reason").ValueKind));
        Assert.Equal(holding.Recording.Id, ofMatter.GetProperty("items")[0].GetProperty("recording").GetGuid());
        Assert.Equal(("open", 1), ((await holding.MatterAsync(Ct)).GetProperty("state").GetString(), (await holding.MatterAsync(Ct)).GetProperty("holds").GetInt32()));
        var line = Assert.Single(await holding.Tenant.EventsAsync(Ct), one => one.GetProperty("type").GetString() == "hold.set");
        Assert.Equal(($"{holding.Matter}", "Asked for by counsel."), (Holding.Detail(line, "matter"), Holding.Detail(line, "why")));
    }

    [Fact]
    public async Task Only_an_owner_or_admin_holds_and_another_organisation_finds_nothing()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var body = new { matter = holding.Matter };

        foreach (var role in new[] { Role.Contributor, Role.Viewer, Role.Auditor })
        {
            using var refused = await (await holding.Tenant.ClientAsync(role, Ct)).PostAsJsonAsync(holding.HoldsPath, body, Ct);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var set = await stranger.PostAsJsonAsync(holding.HoldsPath, body, Ct);
        using var read = await stranger.GetAsync(holding.HoldsPath, Ct);
        using var matter = await stranger.GetAsync($"/api/v1/matters/{holding.Matter}", Ct);
        using var nowhere = await (await holding.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(holding.HoldsPath, new { matter = Guid.NewGuid() }, Ct);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [set.StatusCode, read.StatusCode, matter.StatusCode]);
        Assert.Equal("matter", (await nowhere.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Equal(0, await holding.View.RowsAsync(db => db.LegalHolds.CountAsync(Ct)));
    }

    [Fact]
    public async Task Lifting_is_done_in_person_freshly_signed_in_and_with_a_reason()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var hold = await holding.HoldAsync(Ct);
        using var contributor = await holding.SignInAsync(Role.Contributor, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{holding.HoldsPath}/{hold}") { Content = JsonContent.Create(new { reason = "A script's." }) };

        using var script = await (await holding.Tenant.ClientAsync(Role.Owner, Ct)).SendAsync(request, Ct);
        using var role = await holding.LiftAsync(hold, Ct, by: contributor);
        using var silent = await holding.LiftAsync(hold, Ct, reason: " ");
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));
        using var stale = await holding.LiftAsync(hold, Ct);
        using var fresh = new TestBrowser(vault.Vault);
        (await fresh.SignInAsync(holding.Tenant.Owner, Ct)).Dispose();
        using var elsewhere = await holding.LiftAsync(Guid.NewGuid(), Ct, by: fresh);
        using var trashed = await holding.TrashAsync(Ct);
        using var done = await holding.LiftAsync(hold, Ct, by: fresh);
        using var again = await holding.LiftAsync(hold, Ct, by: fresh);
        using var after = await holding.TrashAsync(Ct);

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [script.StatusCode, role.StatusCode]);
        Assert.Equal("reason", (await silent.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Equal("fresh-sign-in", await SharedLink.SlugAsync(stale, Ct));
        Assert.Equal((HttpStatusCode.NotFound, "on-hold"), (elsewhere.StatusCode, await SharedLink.SlugAsync(trashed, Ct)));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent], [done.StatusCode, again.StatusCode, after.StatusCode]);
        var line = Assert.Single(await holding.Tenant.EventsAsync(Ct), one => one.GetProperty("type").GetString() == "hold.lifted");
        Assert.Equal("The court said so.", Holding.Detail(line, "why"));
    }

    [Fact]
    public async Task It_waits_for_the_last_of_many_matters()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var other = await Holding.OpenAsync(holding.Tenant, "Tax audit", Ct);
        var (first, second) = (await holding.HoldAsync(Ct), await holding.HoldAsync(Ct, matter: other));

        using var both = await holding.TrashAsync(Ct);
        (await holding.LiftAsync(first, Ct)).EnsureSuccessStatusCode().Dispose();
        using var one = await holding.TrashAsync(Ct);
        (await holding.LiftAsync(second, Ct)).EnsureSuccessStatusCode().Dispose();
        using var none = await holding.TrashAsync(Ct);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.NoContent), (both.StatusCode, one.StatusCode, none.StatusCode));
        var named = (await both.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("matters").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(["Smith v. Jones", "Tax audit"], named.Order());
        Assert.Equal(["Tax audit"], (await one.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("matters").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Closing_a_matter_lifts_all_that_it_holds_in_steps_and_nothing_new_is_held_for_it()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        await holding.HoldAsync(Ct);
        using var made = await (await holding.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync("/api/v1/recordings", new { title = "Another" }, Ct);
        var another = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        await holding.HoldAsync(Ct, another);

        using var script = await (await holding.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/matters/{holding.Matter}/close", new { reason = "x" }, Ct);
        using var silent = await holding.CloseAsync(Ct, reason: null);
        using var closed = await holding.CloseAsync(Ct);
        var answer = await closed.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var isOver = await holding.View.ComesTrueAsync(db => db.LegalHolds.AllAsync(hold => hold.LiftedAt != null, Ct), TimeSpan.FromSeconds(60));
        using var late = await (await holding.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync(holding.HoldsPath, new { matter = holding.Matter }, Ct);
        using var renamed = await (await holding.Tenant.ClientAsync(Role.Owner, Ct)).PatchAsJsonAsync($"/api/v1/matters/{holding.Matter}", new { name = "Other" }, Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.OK), (script.StatusCode, silent.StatusCode, closed.StatusCode));
        Assert.True(answer.GetProperty("state").GetString() is "closing" or "closed");
        Assert.True(isOver);
        Assert.Equal("closed", (await holding.MatterAsync(Ct)).GetProperty("state").GetString());
        Assert.Equal(0, await holding.View.RowsAsync(db => db.HoldPins.CountAsync(Ct)));
        Assert.Equal(("matter-closed", "matter-closed"), (await SharedLink.SlugAsync(late, Ct), await SharedLink.SlugAsync(renamed, Ct)));
        var events = await holding.Tenant.EventsAsync(Ct);
        Assert.Equal("2", Holding.Detail(Assert.Single(events, line => line.GetProperty("type").GetString() == "matter.closed"), "holds"));
        Assert.Equal(2, events.Count(line => line.GetProperty("type").GetString() == "hold.lifted"));
    }

    [Fact]
    public async Task What_a_crash_left_half_lifted_the_sweep_lifts()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        await holding.HoldAsync(Ct);
        var now = vault.Clock.GetUtcNow();
        await holding.View.RowsAsync(db => db.Matters.ExecuteUpdateAsync(set => set.SetProperty(matter => matter.ClosedAt, now).SetProperty(matter => matter.ClosedBy, holding.Tenant.Owner.Id), Ct));

        var closing = (await holding.MatterAsync(Ct)).GetProperty("state").GetString();
        using var stillHeld = await holding.TrashAsync(Ct);
        await using (var scope = vault.Vault.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<SystemJobRunner<SweepMattersJob>>().RunAsync(Ct);

        Assert.Equal(("closing", "on-hold"), (closing, await SharedLink.SlugAsync(stillHeld, Ct)));
        Assert.Equal("closed", (await holding.MatterAsync(Ct)).GetProperty("state").GetString());
        using var trashed = await holding.TrashAsync(Ct);
        Assert.Equal(HttpStatusCode.NoContent, trashed.StatusCode);
    }

    [Fact]
    public async Task The_card_tells_that_a_hold_is_set_and_that_it_was_lifted()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);

        var hold = await holding.HoldAsync(Ct);
        await WriteAsync(holding);
        var held = await CardAsync(holding);
        (await holding.LiftAsync(hold, Ct)).EnsureSuccessStatusCode().Dispose();
        await WriteAsync(holding);
        var lifted = await CardAsync(holding);

        Assert.Equal((true, false), (held, lifted));
    }

    [Fact]
    public async Task A_period_from_the_closing_of_a_matter_counts_what_is_closed_and_not_what_was_let_go_singly()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var goesOn = await Holding.OpenAsync(holding.Tenant, "Goes on", Ct);
        var single = await holding.HoldAsync(Ct, matter: goesOn);
        await holding.HoldAsync(Ct);
        using (var closed = await holding.CloseAsync(Ct))
            closed.EnsureSuccessStatusCode();
        var closedAt = vault.Clock.GetUtcNow();
        await holding.View.ComesTrueAsync(db => db.LegalHolds.AnyAsync(hold => hold.LiftedAt != null, Ct), TimeSpan.FromSeconds(60));

        var whileHeld = await FactsAsync(holding);
        (await holding.LiftAsync(single, Ct)).EnsureSuccessStatusCode().Dispose();
        var after = await FactsAsync(holding);

        Assert.Null(whileHeld.MatterClosedAt);
        Assert.Equal(closedAt, after.MatterClosedAt);
    }

    [Fact]
    public async Task Matters_are_listed_by_their_state_and_renamed_and_only_by_those_who_may()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var owner = await holding.Tenant.ClientAsync(Role.Owner, Ct);
        using var unnamed = await owner.PostAsJsonAsync("/api/v1/matters", new { name = " " }, Ct);
        using var renamed = await owner.PatchAsJsonAsync($"/api/v1/matters/{holding.Matter}", new { name = "Smith", note = "File 7" }, Ct);
        using var contributor = await (await holding.Tenant.ClientAsync(Role.Contributor, Ct)).GetAsync("/api/v1/matters", Ct);
        using var auditor = await (await holding.Tenant.ClientAsync(Role.Auditor, Ct)).PostAsJsonAsync("/api/v1/matters", new { name = "x" }, Ct);
        await Holding.OpenAsync(holding.Tenant, "Second", Ct);

        var first = await owner.GetFromJsonAsync<JsonElement>("/api/v1/matters?state=open&limit=1", Ct);
        var second = await owner.GetFromJsonAsync<JsonElement>($"/api/v1/matters?state=open&limit=1&cursor={Uri.EscapeDataString(first.GetProperty("nextCursor").GetString()!)}", Ct);
        var none = await owner.GetFromJsonAsync<JsonElement>("/api/v1/matters?state=closed", Ct);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [unnamed.StatusCode, renamed.StatusCode, contributor.StatusCode, auditor.StatusCode]);
        Assert.Equal(["Second", "Smith"], new[] { first, second }.Select(page => page.GetProperty("items")[0].GetProperty("name").GetString()));
        Assert.Equal("File 7", second.GetProperty("items")[0].GetProperty("note").GetString());
        Assert.Equal(0, none.GetProperty("items").GetArrayLength());
        Assert.Contains("matter.opened", await holding.Tenant.EventTypesAsync(Ct));
        Assert.Contains("matter.changed", await holding.Tenant.EventTypesAsync(Ct));
    }

    private static async Task<RetentionFacts> FactsAsync(Holding holding) =>
        (await holding.View.InScopeAsync(services => services.GetRequiredService<RetentionFactsReading>().FactsAsync([holding.Recording.Id], Ct)))[holding.Recording.Id];

    private static async Task WriteAsync(Holding holding)
    {
        await using var scope = holding.Tenant.Enter();
        await ActivatorUtilities.CreateInstance<WriteCardJob>(scope.ServiceProvider).RunAsync(holding.Recording.Id, Ct);
    }

    /// <summary>As somebody reads it who has the bucket and the root key and no database.</summary>
    private static async Task<bool> CardAsync(Holding holding)
    {
        using var root = new FileRootKey(Path.Combine(holding.Tenant.Vault.DataDirectory, "root.key")).Load();
        await using var bucket = BucketReader.OpenFolder(Path.Combine(holding.Tenant.Vault.DataDirectory, "store"));
        using var opened = await bucket.OpenRecordingAsync(root, holding.Tenant.Id, holding.Recording.Id, Ct);
        return opened.Card!.HoldSet;
    }
}
