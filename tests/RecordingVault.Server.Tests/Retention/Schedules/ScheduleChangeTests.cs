using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Retention.Holds;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Recordings.Approvals;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Retention.Schedules;

/// <summary>What keeps for less long waits for a second person, or for its day.</summary>
public sealed class ScheduleChangeTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static readonly object s_coaching = new { name = "Coaching", scope = "tenant", trigger = "recorded", keepAtLeast = "P30D", disposeAfter = "P100D", action = "destroy" };

    private static readonly object s_lower = new { disposeAfter = "P50D", reason = " Less is better. " };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_lowers_waits_and_another_approves_it()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var id = await two.AddAsync(s_coaching, Ct);
        using var silent = await two.ChangeAsync(id, new { disposeAfter = "P50D" }, Ct);
        var change = await two.LowerAsync(id, s_lower, Ct);
        var again = await two.LowerAsync(id, s_lower, Ct);
        var waiting = await two.DaysAsync(Ct);
        using var own = await TwoKeepers.DecideAsync(two.Asker, change, Ct);
        var library = WebUtility.HtmlDecode(await (await two.Second.GetAsync("/", Ct)).Content.ReadAsStringAsync(Ct));
        using var wordless = await TwoKeepers.DecideAsync(two.Second, change, Ct, word: " ");
        using var done = await TwoKeepers.DecideAsync(two.Second, change, Ct);
        using var late = await TwoKeepers.DecideAsync(two.Second, change, Ct, "decline");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, change), (silent.StatusCode, wordless.StatusCode, again));
        Assert.Equal(("schedule-change-own", HttpStatusCode.OK, "schedule-change-over"), (await SharedLink.SlugAsync(own, Ct), done.StatusCode, await SharedLink.SlugAsync(late, Ct)));
        Assert.Contains($"/retention/changes/{change}", library, StringComparison.Ordinal);
        Assert.Equal((100d, 50d, "in-force"), (waiting, await two.DaysAsync(Ct), await two.StateAsync(change, Ct)));
        Assert.Equal("Less is better.", TwoPeople.Detail(Assert.Single(await two.EventsAsync("retention.change-asked", Ct)), "why"));
        Assert.Equal("The law changed.", TwoPeople.Detail(Assert.Single(await two.EventsAsync("retention.change-approved", Ct), line => line.GetProperty("outcome").GetString() == "allowed"), "why"));
        Assert.Equal(change.ToString(), TwoPeople.Detail(Assert.Single(await two.EventsAsync("retention.schedule-changed", Ct)), "change"));
    }

    [Fact]
    public async Task Declined_or_taken_back_it_changes_nothing()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var id = await two.AddAsync(s_coaching, Ct);
        var first = await two.LowerAsync(id, s_lower, Ct);
        using var declined = await TwoKeepers.DecideAsync(two.Second, first, Ct, "decline");
        var second = await two.LowerAsync(id, s_lower, Ct);
        using var others = await two.Second.SendJsonAsync(HttpMethod.Post, $"/api/v1/retention/changes/{second}/take-back", null, Ct);
        using var back = await two.Asker.SendJsonAsync(HttpMethod.Post, $"/api/v1/retention/changes/{second}/take-back", null, Ct);

        Assert.Equal((HttpStatusCode.OK, "schedule-change-others", HttpStatusCode.OK), (declined.StatusCode, await SharedLink.SlugAsync(others, Ct), back.StatusCode));
        Assert.Equal(("declined", "taken-back", 100d), (await two.StateAsync(first, Ct), await two.StateAsync(second, Ct), await two.DaysAsync(Ct)));
        Assert.Single(await two.EventsAsync("retention.change-declined", Ct));
        Assert.Single(await two.EventsAsync("retention.change-taken-back", Ct), line => line.GetProperty("outcome").GetString() == "allowed");
    }

    [Fact]
    public async Task After_seven_days_it_counts_though_nobody_decided()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var change = await two.LowerAsync(await two.AddAsync(s_coaching, Ct), s_lower, Ct);
        vault.Clock.Advance(ScheduleChange.Delay - TimeSpan.FromSeconds(1));
        await two.SweepAsync(Ct);
        var before = await two.DaysAsync(Ct);
        vault.Clock.Advance(TimeSpan.FromSeconds(1));
        await two.SweepAsync(Ct);
        await two.SweepAsync(Ct);

        Assert.Equal((100d, 50d, "in-force"), (before, await two.DaysAsync(Ct), await two.StateAsync(change, Ct)));
        Assert.Equal("system", Assert.Single(await two.EventsAsync("retention.change-in-force", Ct)).GetProperty("actor").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_schedule_that_was_raised_meanwhile_or_an_asker_who_is_gone_ends_it()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var id = await two.AddAsync(s_coaching, Ct);
        var first = await two.LowerAsync(id, s_lower, Ct);
        using var raised = await two.ChangeAsync(id, new { disposeAfter = "P120D" }, Ct);
        var ended = await two.StateAsync(first, Ct);
        var second = await two.LowerAsync(id, s_lower, Ct);
        await using var scope = two.Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Memberships.Where(row => row.MemberId == two.Tenant.Owner.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Contributor), Ct);
        using var late = await TwoKeepers.DecideAsync(two.Second, second, Ct);
        vault.Clock.Advance(ScheduleChange.Delay + TimeSpan.FromHours(1));
        await two.SweepAsync(Ct);

        Assert.Equal((HttpStatusCode.OK, "stale", "schedule-change-stale"), (raised.StatusCode, ended, await SharedLink.SlugAsync(late, Ct)));
        Assert.Equal(120, await two.DaysAsync(Ct));
    }

    [Fact]
    public async Task Removing_waits_where_it_obliges_and_not_where_it_only_wishes()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var (obliging, wishing) = (await two.AddAsync(s_coaching, Ct), await two.AddAsync(new { name = "Later", scope = "tenant", trigger = "recorded", disposeAfter = "P300D" }, Ct));

        using var gone = await two.Asker.SendJsonAsync(HttpMethod.Delete, $"{TwoKeepers.Path}/{wishing}", null, Ct);
        using var waits = await two.Asker.SendJsonAsync(HttpMethod.Delete, $"{TwoKeepers.Path}/{obliging}", new { reason = "Not needed." }, Ct);
        var change = Guid.Parse(waits.Headers.Location!.OriginalString.Split('/')[^1]);
        var before = await two.DaysAsync(Ct);
        using var done = await TwoKeepers.DecideAsync(two.Second, change, Ct);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Accepted, HttpStatusCode.OK), (gone.StatusCode, waits.StatusCode, done.StatusCode));
        Assert.Equal((100d, null), (before, await two.DaysAsync(Ct)));
        Assert.Equal(2, (await two.EventsAsync("retention.schedule-removed", Ct)).Count);
    }

    [Fact]
    public async Task A_new_schedule_that_makes_dates_earlier_is_a_lowering_in_disguise()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        await two.AddAsync(s_coaching, Ct);
        object Sooner(string? reason) => new { name = "Sooner", scope = "label", target = "confidential", trigger = "recorded", disposeAfter = "P10D", action = "destroy", reason };

        using var silent = await two.PostAsync(Sooner(null), Ct);
        var id = await two.AddAsync(Sooner("Please."), Ct);
        var made = await two.ReadAsync($"{TwoKeepers.Path}/{id}", Ct);
        var before = await two.DaysAsync(Ct);
        using var declined = await TwoKeepers.DecideAsync(two.Second, made.GetProperty("waiting").GetProperty("id").GetGuid(), Ct, "decline");
        using var read = await two.Asker.GetAsync($"{TwoKeepers.Path}/{id}", Ct);
        var harmless = await two.AddAsync(new { name = "Later", scope = "label", target = "confidential", trigger = "recorded", disposeAfter = "P150D", action = "destroy" }, Ct);

        Assert.Equal((HttpStatusCode.BadRequest, System.Text.Json.JsonValueKind.Null, 100d), (silent.StatusCode, made.GetProperty("disposeAfter").ValueKind, before));
        // It was made for its wish alone, so it goes with it.
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (declined.StatusCode, read.StatusCode));
        Assert.Equal((150d, System.Text.Json.JsonValueKind.Null), (await two.DaysAsync(Ct), (await two.ReadAsync($"{TwoKeepers.Path}/{harmless}", Ct)).GetProperty("waiting").ValueKind));
    }

    [Fact]
    public async Task What_is_on_hold_keeps_its_date_until_the_hold_is_lifted()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var id = await two.AddAsync(s_coaching, Ct);
        await two.DaysAsync(Ct);
        var hold = await HoldAsync(two);
        using var done = await TwoKeepers.DecideAsync(two.Second, await two.LowerAsync(id, s_lower, Ct), Ct);
        var held = await two.DaysAsync(Ct);
        await using var scope = two.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.LegalHolds.Where(row => row.Id == hold).ExecuteUpdateAsync(set => set.SetProperty(row => row.LiftedAt, vault.Clock.GetUtcNow()), Ct);
        await db.RecordingDisposals.ExecuteUpdateAsync(set => set.SetProperty(row => row.RecordingVersion, (int?)null), Ct);

        Assert.Equal((HttpStatusCode.OK, 100d, 50d), (done.StatusCode, held, await two.DaysAsync(Ct)));
    }

    [Fact]
    public async Task The_page_of_a_change_decides_it_and_asks_for_a_fresh_sign_in()
    {
        using var two = await TwoKeepers.MakeAsync(vault.Vault, Ct);
        var change = await two.LowerAsync(await two.AddAsync(s_coaching, Ct), s_lower, Ct);
        vault.Clock.Advance(FreshSignIn.Limit + TimeSpan.FromSeconds(1));

        using var stale = await two.Second.PostFormAsync($"/retention/changes/{change}", [("decision", "approve"), ("word", "I saw it.")], Ct);
        var page = await stale.Content.ReadAsStringAsync(Ct);
        using var fresh = new TestBrowser(vault.Vault);
        (await fresh.SignInAsync(two.Admin, Ct)).Dispose();
        using var done = await fresh.PostFormAsync($"/retention/changes/{change}", [("decision", "approve"), ("word", "I saw it.")], Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Redirect, "in-force"), (stale.StatusCode, done.StatusCode, await two.StateAsync(change, Ct)));
        Assert.Contains(">I saw it.</textarea>", page, StringComparison.Ordinal);
    }

    private async Task<Guid> HoldAsync(TwoKeepers two)
    {
        await using var scope = two.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(Ct);
        var (matter, hold, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), vault.Clock.GetUtcNow());
        db.Matters.Add(new Matter { TenantId = two.Tenant.Id, Id = matter, Name = SealedText.Seal(key, two.Tenant.Id, matter, Matter.NameColumn, "Keller"), OpenedAt = now, OpenedBy = two.Admin.Id });
        db.LegalHolds.Add(new LegalHold { TenantId = two.Tenant.Id, Id = hold, MatterId = matter, RecordingId = two.Recording, SetAt = now, SetBy = two.Admin.Id });
        await db.SaveChangesAsync(Ct);
        return hold;
    }
}
