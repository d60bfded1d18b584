using System.Net;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>The nightly run: a week's notice, then the trash or a decision; what is held, kept or changed meanwhile stays; what fails blocks nothing.</summary>
public sealed class RetentionRunTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_due_goes_to_the_trash_a_week_after_people_were_told_and_the_log_says_why()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        var schedule = await house.ScheduleAsync(Ct, grace: 5);
        var uploaded = vault.Clock.GetUtcNow();

        var early = await NightAsync(house, days: 1);
        var warned = await NightAsync(house, days: 3);
        var (told, between) = ((await house.DateAsync(recording, Ct)).WarnedAt, await NightAsync(house, days: 5));
        var gone = await NightAsync(house, days: 2);
        var row = await house.RowAsync(recording, Ct);

        Assert.Equal((1, 0, 0), (early.Reckoned, early.Warned, early.Trashed));
        Assert.Equal((0, 1, 0), (warned.Reckoned, warned.Warned, warned.Trashed));
        Assert.NotNull(told);
        Assert.Equal((0, 0), (between.Warned, between.Trashed));
        Assert.Equal((1, 0, 0), (gone.Trashed, gone.Failed, gone.HeldBack));
        Assert.Equal(row.TrashedAt!.Value.AddDays(5), row.GoesAt);
        var (trashed, disposed) = (Assert.Single(await house.EventsAsync(RecordingTrash.Trashed, Ct)), Assert.Single(await house.EventsAsync("retention.disposed", Ct)));
        Assert.All([trashed, disposed], line => Assert.Equal((recording, "system"), (line.GetProperty("target").GetProperty("id").GetGuid(), line.GetProperty("actor").GetProperty("kind").GetString())));
        Assert.Equal((schedule.ToString(), uploaded.AddDays(10).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "5"), (DueHouse.Detail(disposed, "schedule"), DueHouse.Detail(disposed, "day"), DueHouse.Detail(disposed, "grace")));
    }

    [Fact]
    public async Task What_somebody_takes_out_again_has_a_week_anew()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P0D");
        await NightAsync(house, days: 1);
        await NightAsync(house, days: 8);
        using var restored = await (await house.Tenant.ClientAsync(Role.Owner, Ct)).PostAsync($"/api/v1/recordings/{recording}/restore", null, Ct);

        var next = await NightAsync(house, days: 1);
        var stillThere = (await house.RowAsync(recording, Ct)).TrashedAt;
        await NightAsync(house, days: 8);

        Assert.Equal(HttpStatusCode.NoContent, restored.StatusCode);
        Assert.Equal((1, 0, null), (next.Warned, next.Trashed, stillThere));
        Assert.NotNull((await house.RowAsync(recording, Ct)).TrashedAt);
    }

    [Fact]
    public async Task What_is_held_is_neither_warned_of_nor_moved_and_is_told_of_anew_when_its_hold_is_lifted()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (held, heldLater) = (await house.RecordingAsync(Ct), await house.RecordingAsync(Ct));
        await house.ScheduleAsync(Ct, disposeAfter: "P1D");
        var hold = await house.HoldAsync(held, Ct);
        var first = await NightAsync(house, days: 2);
        var later = await house.HoldAsync(heldLater, Ct);

        var second = await NightAsync(house, days: 8);
        await house.LiftAsync(hold, Ct);
        await house.LiftAsync(later, Ct);
        var third = await NightAsync(house, days: 1);
        var fourth = await NightAsync(house, days: 8);

        Assert.Equal((1, 1), (first.Warned, first.HeldBack));
        Assert.Equal((0, 0, 2), (second.Warned, second.Trashed, second.HeldBack));
        Assert.Equal((2, 0, 0), (third.Warned, third.Trashed, third.HeldBack));
        Assert.Equal(2, fourth.Trashed);
    }

    [Fact]
    public async Task Where_the_schedule_says_so_it_waits_for_a_decision_and_stays_until_somebody_keeps_it_or_moves_it()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (kept, moved) = (await house.RecordingAsync(Ct), await house.RecordingAsync(Ct));
        await house.ScheduleAsync(Ct, disposeAfter: "P1D", action: DisposalAction.Review);
        await NightAsync(house, days: 1);
        var run = await NightAsync(house, days: 8);
        var again = await NightAsync(house, days: 8);
        using var owner = await house.SignedInAsync(Ct);
        using var viewer = await house.SignedInAsync(Ct, await house.Tenant.AddAsync(Role.Viewer, Ct));
        var (library, viewersLibrary, page) = (await DueHouse.PageAsync(owner, "/", Ct), await DueHouse.PageAsync(viewer, "/", Ct), await DueHouse.PageAsync(owner, "/retention", Ct));

        using var keep = await owner.PostFormAsync($"/recordings/{kept}/keep", [("until", "2027-06-30"), ("reason", "The case goes on.")], Ct);
        using var move = await owner.PostFormAsync($"/recordings/{moved}/trash", [], Ct, "/retention");
        var after = await DueHouse.PageAsync(owner, "/retention", Ct);

        Assert.Equal((2, 0, 0), (run.ForReview, run.Trashed, again.ForReview));
        Assert.Equal(2, (await house.EventsAsync("retention.review-due", Ct)).Count);
        Assert.Contains("have reached the end of their time", library, StringComparison.Ordinal);
        Assert.DoesNotContain("have reached the end of their time", viewersLibrary, StringComparison.Ordinal);
        Assert.Contains($"action=\"/recordings/{moved}/trash\"", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (keep.StatusCode, move.StatusCode));
        Assert.DoesNotContain("id=\"review\"", after, StringComparison.Ordinal);
        Assert.Null((await house.DateAsync(kept, Ct)).ReviewSince);
        Assert.Null((await house.RowAsync(kept, Ct)).TrashedAt);
    }

    [Fact]
    public async Task The_row_alone_disposes_of_nothing()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P300D");
        await NightAsync(house, days: 1);
        var now = vault.Clock.GetUtcNow();
        // As an older reckoning could have left it behind: due, warned of, and by its marks up to date.
        await house.ChangeAsync(db => db.RecordingDisposals.ExecuteUpdateAsync(set => set.SetProperty(row => row.DisposeAt, now.AddDays(-9)).SetProperty(row => row.WarnedAt, now.AddDays(-8)), Ct));

        var run = await NightAsync(house, days: 1);
        await NightAsync(house, days: 1);
        var date = await house.DateAsync(recording, Ct);

        Assert.Equal(0, run.Trashed);
        Assert.Null((await house.RowAsync(recording, Ct)).TrashedAt);
        Assert.True(date.DisposeAt > now.AddDays(200));
        Assert.Null(date.WarnedAt);
    }

    [Fact]
    public async Task A_day_that_moves_is_told_anew_whichever_way_it_moves()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var recording = await house.RecordingAsync(Ct);
        await house.ScheduleAsync(Ct, disposeAfter: "P5D");
        await NightAsync(house, days: 1);
        using var owner = await house.SignedInAsync(Ct);
        var until = DateOnly.FromDateTime(vault.Clock.GetUtcNow().UtcDateTime).AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        using var kept = await owner.PostFormAsync($"/recordings/{recording}/keep", [("until", until), ("reason", "Still needed.")], Ct);

        var later = await NightAsync(house, days: 8);
        var told = await NightAsync(house, days: 6);
        var notYet = await NightAsync(house, days: 7);

        Assert.Equal(HttpStatusCode.Redirect, kept.StatusCode);
        Assert.Equal((0, 0), (later.Warned, later.Trashed));
        Assert.Equal(1, told.Warned);
        Assert.Equal(1, notYet.Trashed);
    }

    [Fact]
    public async Task What_fails_is_counted_blocks_nothing_and_is_tried_again()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        var (broken, other) = (await house.RecordingAsync(Ct), await house.RecordingAsync(Ct));
        await house.ScheduleAsync(Ct, disposeAfter: "P1D");
        await NightAsync(house, days: 1);
        RetentionRun run;
        using (DatabaseEvents.WhenSaving(house.Tenant.Id, db => FailFor(db, broken)))
            run = await NightAsync(house, days: 8);
        var (brokenThen, otherThen) = ((await house.RowAsync(broken, Ct)).TrashedAt, (await house.RowAsync(other, Ct)).TrashedAt);

        var next = await NightAsync(house, days: 1);

        Assert.Equal((1, 1), (run.Trashed, run.Failed));
        Assert.Null(brokenThen);
        Assert.NotNull(otherThen);
        Assert.Equal((1, 0), (next.Trashed, next.Failed));
    }

    [Fact]
    public async Task A_night_that_is_done_is_not_done_twice_and_one_that_stopped_halfway_is_begun_anew()
    {
        var house = await DueHouse.MakeAsync(vault.Vault, vault.Clock, Ct);
        await NightAsync(house, days: 1);
        await house.NightAsync(Ct);
        var once = await house.ReadAsync(db => db.RetentionRuns.CountAsync(Ct));
        await house.ChangeAsync(db => db.RetentionRuns.ExecuteUpdateAsync(set => set.SetProperty(run => run.EndedAt, (DateTimeOffset?)null), Ct));
        await house.NightAsync(Ct);
        var runs = await house.GetAsync("/api/v1/retention/runs", Ct);

        Assert.Equal(1, once);
        Assert.Equal([false, true], runs.GetProperty("items").EnumerateArray().Select(run => run.GetProperty("endedAt").ValueKind is System.Text.Json.JsonValueKind.Null));
    }

    private static void FailFor(VaultDbContext db, Guid recording)
    {
        if (db.ChangeTracker.Entries<Recording>().Any(entry => entry.Entity.Id == recording && entry.Entity.TrashedAt is not null))
            throw new InvalidOperationException("It can't be saved.");
    }

    private async Task<RetentionRun> NightAsync(DueHouse house, int days)
    {
        vault.Clock.Advance(TimeSpan.FromDays(days));
        await house.NightAsync(Ct);
        return await house.LastRunAsync(Ct);
    }
}
