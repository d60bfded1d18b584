using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>The page and the lists: what ends when, what is held, the calendar, and that missed nights are told to those who answer for it.</summary>
public sealed class DuePageTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_tells_what_ends_what_is_held_what_lies_in_the_trash_and_the_last_night()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (soon, held, trashed) = (await house.RecordingAsync(Ct), await house.RecordingAsync(Ct), await house.RecordingAsync(Ct));
        await house.ScheduleAsync(Ct, disposeAfter: "P9D");
        await house.HoldAsync(held, Ct);
        using var gone = await (await house.Tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/recordings/{trashed}", Ct);
        vault.Clock.Advance(TimeSpan.FromDays(1));
        await house.NightAsync(Ct);
        var day = (await house.DateAsync(soon, Ct)).DisposeAt!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        using var owner = await house.SignedInAsync(Ct);
        using var viewer = await house.SignedInAsync(Ct, await house.Tenant.AddAsync(Role.Viewer, Ct));

        var page = await DueHouse.PageAsync(owner, "/retention", Ct);
        var ofDay = await DueHouse.PageAsync(owner, $"/retention?day={day}", Ct);
        var ofAnother = await DueHouse.PageAsync(owner, "/retention?day=2031-01-01", Ct);
        var viewers = await DueHouse.PageAsync(viewer, "/retention", Ct);
        using var nonsense = await owner.GetAsync("/retention?day=yesterday", Ct);
        using var noCursor = await owner.GetAsync("/retention?after=AAAA", Ct);

        Assert.Contains("1 recording ends in the next 30 days", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/recordings/{soon}/keep\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"href=\"/recordings/{held}/keep\"", page, StringComparison.Ordinal);
        Assert.Contains("Hartmann", page, StringComparison.Ordinal);
        Assert.Contains($"action=\"/recordings/{trashed}/restore\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/retention?day={day}\"", page, StringComparison.Ordinal);
        Assert.Contains("Coaching &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains(", all well", page, StringComparison.Ordinal);
        Assert.Contains($"/recordings/{soon}/keep", ofDay, StringComparison.Ordinal);
        Assert.DoesNotContain($"/recordings/{soon}/keep", ofAnother, StringComparison.Ordinal);
        Assert.Contains($"href=\"/recordings/{soon}\"", viewers, StringComparison.Ordinal);
        Assert.DoesNotContain("/keep", viewers, StringComparison.Ordinal);
        Assert.All([nonsense, noCursor], answer => Assert.Equal("/retention", answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task The_list_is_paged_by_day_and_tells_holds_and_warnings_and_other_tenants_nothing()
    {
        var (house, others) = (await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct), await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct));
        var (first, second) = (await house.RecordingAsync(Ct), await house.RecordingAsync(Ct));
        var schedule = await house.ScheduleAsync(Ct, disposeAfter: "P20D");
        await house.ScheduleAsync(Ct, disposeAfter: "P3D", recording: first);
        await house.HoldAsync(second, Ct);
        vault.Clock.Advance(TimeSpan.FromDays(1));
        await house.NightAsync(Ct);

        var one = await house.GetAsync("/api/v1/retention/due?limit=1", Ct);
        var next = await house.GetAsync($"/api/v1/retention/due?limit=1&cursor={one.GetProperty("nextCursor").GetString()}", Ct);
        var (early, late) = (one.GetProperty("items")[0], next.GetProperty("items")[0]);
        var until = Uri.EscapeDataString(vault.Clock.GetUtcNow().AddDays(5).ToString("O", CultureInfo.InvariantCulture));
        var near = await house.GetAsync($"/api/v1/retention/due?until={until}", Ct);
        var theirs = await others.GetAsync("/api/v1/retention/due", Ct);
        var owner = await house.Tenant.ClientAsync(Role.Owner, Ct);
        using var turned = await owner.GetAsync($"/api/v1/retention/due?from={until}&until={until}", Ct);
        using var wrong = await owner.GetAsync("/api/v1/retention/due?cursor=AAAA", Ct);
        using var auditor = await (await house.Tenant.ClientAsync(Role.Auditor, Ct)).GetAsync("/api/v1/retention/due", Ct);

        Assert.Equal((first, "destroy", false), (early.GetProperty("recording").GetGuid(), early.GetProperty("action").GetString(), early.GetProperty("isHeld").GetBoolean()));
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, early.GetProperty("warnedAt").ValueKind);
        Assert.Equal((second, true, schedule, "Coaching <b>"), (late.GetProperty("recording").GetGuid(), late.GetProperty("isHeld").GetBoolean(), late.GetProperty("schedule").GetProperty("id").GetGuid(), late.GetProperty("schedule").GetProperty("name").GetString()));
        Assert.Equal(first, Assert.Single(near.GetProperty("items").EnumerateArray()).GetProperty("recording").GetGuid());
        Assert.Empty(theirs.GetProperty("items").EnumerateArray());
        Assert.All([turned, wrong], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Equal(HttpStatusCode.Forbidden, auditor.StatusCode);
    }

    [Fact]
    public async Task Missed_nights_are_told_to_owners_on_the_page_and_in_the_library_and_to_the_operator()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        vault.Clock.Advance(TimeSpan.FromDays(1));
        await house.NightAsync(Ct);
        using (var before = await house.SignedInAsync(Ct))
            Assert.DoesNotContain("nightly run of retention", await DueHouse.PageAsync(before, "/retention", Ct), StringComparison.Ordinal);

        vault.Clock.Advance(TimeSpan.FromHours(27));
        using var owner = await house.SignedInAsync(Ct);
        using var contributor = await house.SignedInAsync(Ct, await house.Tenant.AddAsync(Role.Contributor, Ct));
        var (page, library, others) = (await DueHouse.PageAsync(owner, "/retention", Ct), await DueHouse.PageAsync(owner, "/", Ct), await DueHouse.PageAsync(contributor, "/", Ct));

        Assert.Contains("The nightly run of retention has not ended for more than a day", page, StringComparison.Ordinal);
        Assert.Contains("has not ended for more than a day", library, StringComparison.Ordinal);
        Assert.DoesNotContain("has not ended for more than a day", others, StringComparison.Ordinal);
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        var told = Assert.Single(await scope.ServiceProvider.GetRequiredService<IHealthLook>().LookAsync(Ct), line => line.Subject == "retention");
        Assert.Equal(HealthState.Bad, told.State);
        Assert.Contains("role worker", told.Cure, StringComparison.Ordinal);
        Assert.DoesNotContain(house.Tenant.Name, told.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stays_due_for_a_day_is_told()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P1D");
        vault.Clock.Advance(TimeSpan.FromDays(10));
        await house.NightAsync(Ct);
        var now = vault.Clock.GetUtcNow();
        await house.ChangeAsync(db => db.RecordingDisposals.Where(row => row.RecordingId == recording).ExecuteUpdateAsync(set => set.SetProperty(row => row.WarnedAt, now.AddDays(-9)), Ct));
        using var owner = await house.SignedInAsync(Ct);

        Assert.Contains("1 recording was due more than a day ago and was not deleted", await DueHouse.PageAsync(owner, "/retention", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_rule_the_page_says_what_would_stand_there()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        using var owner = await house.SignedInAsync(Ct);

        var page = await DueHouse.PageAsync(owner, "/retention", Ct);

        Assert.Contains("Nothing ends by itself", page, StringComparison.Ordinal);
        Assert.Contains("It has not run here yet", page, StringComparison.Ordinal);
    }
}
