using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Everything;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Export.Everything;

/// <summary>Every recording of an organisation as packages (P9): begun once, gone on with, and honest about what was left out.</summary>
public sealed class EverythingTests(SharedVault shared)
{
    private const string Path = "/exports/everything";
    private static readonly DateTimeOffset s_held = DateTimeOffset.UnixEpoch.AddYears(100);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_may_leave_is_packed_and_what_may_not_is_named_with_its_reason()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var (first, second, tight) = (await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct));
        await RestrictAsync(tenant, tight.Id, "restricted");
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var begun = await BeginAsync(browser);
        var export = await AdvanceAsync(tenant);
        var built = await PackedRecording.UntilBuiltAsync(tenant, export.Single(), Ct);
        await AdvanceAsync(tenant);
        using var fetched = await browser.GetAsync($"/exports/{export.Single()}/download", Ct);
        var page = await TextAsync(browser);

        Assert.Equal(Path, begun.Headers.Location!.OriginalString);
        Assert.Equal([(first.Id, "packed"), (second.Id, "packed"), (tight.Id, "refused")],
            built.GetProperty("recordings").EnumerateArray().Select(line => (line.GetProperty("recording").GetGuid(), line.GetProperty("outcome").GetString()!)).OrderBy(line => Array.IndexOf([first.Id, second.Id, tight.Id], line.Item1)));
        Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
        Assert.Equal((RunState.Over, new RunCounts(3, 2, 0, 0, 1, 0)), await WhereAsync(tenant));
        foreach (var words in (string[])["2 of 3 recordings", "Left out, and why", "It is marked restricted.", "Go on with the rest"])
            Assert.Contains(words, page, StringComparison.Ordinal);
        var types = await tenant.EventTypesAsync(Ct);
        Assert.All(["export.everything-begun", "export.asked", "content.refused", "export.fetched"], type => Assert.Contains(type, types));
    }

    [Fact]
    public async Task Going_on_takes_up_what_was_refused_failed_or_went_unfetched_and_nothing_that_was_fetched()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var (kept, tight, lost) = (await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct), await PackedRecording.PutAsync(tenant, Ct));
        await RestrictAsync(tenant, tight.Id, "restricted");
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        var first = (await AdvanceAsync(tenant)).Single();
        await PackedRecording.UntilBuiltAsync(tenant, first, Ct);
        await AdvanceAsync(tenant);
        await using (var scope = tenant.Enter())
        {
            // As if the package had held just the first of them, somebody had it whole, and that of the third had failed.
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            await db.PackageExportItems.Where(item => item.RecordingId == lost.Id).ExecuteDeleteAsync(Ct);
            DateTimeOffset? now = DateTimeOffset.UnixEpoch.AddYears(50);
            await db.PackageExports.Where(export => export.Id == first).ExecuteUpdateAsync(set => set.SetProperty(export => export.FetchedWholeAt, now), Ct);
            var failed = await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct);
            var run = await db.EverythingRuns.SingleAsync(Ct);
            Guid? runId = run.Id;
            int? round = run.Round;
            await db.PackageExports.Where(export => export.Id == failed).ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Failed).SetProperty(export => export.RunId, runId).SetProperty(export => export.Round, round), Ct);
            db.PackageExportItems.Add(new PackageExportItem { TenantId = tenant.Id, ExportId = failed, RecordingId = lost.Id, Number = 1 });
            await db.SaveChangesAsync(Ct);
        }

        var before = await WhereAsync(tenant);
        await RestrictAsync(tenant, tight.Id, "confidential");
        using var goneOn = await browser.PostFormAsync(Path + "/go-on", [], Ct, page: Path);
        var second = (await AdvanceAsync(tenant)).Except([first]).ToList();
        var held = await HeldAsync(tenant, second);

        Assert.Equal((RunState.Over, new RunCounts(3, 1, 0, 0, 1, 1)), before);
        Assert.Equal(Path, goneOn.Headers.Location!.OriginalString);
        Assert.Equal(new HashSet<Guid> { tight.Id, lost.Id }, held.ToHashSet());
        Assert.DoesNotContain(kept.Id, held);
    }

    [Fact]
    public async Task So_many_packages_lie_ahead_and_the_next_is_made_when_one_was_fetched()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await PackedRecording.PutAsync(tenant, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        List<Guid> ahead = await AdvanceAsync(tenant);
        await using (var scope = tenant.Enter())
        {
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            Guid? runId = (await db.EverythingRuns.SingleAsync(Ct)).Id;
            for (var more = ahead.Count; more < AdvanceRunJob.MostAhead; more++)
                ahead.Add(await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct));
            await db.PackageExports.ExecuteUpdateAsync(set => set.SetProperty(export => export.RunId, runId).SetProperty(export => export.Round, 1).SetProperty(export => export.State, ExportState.Ready), Ct);
        }

        await PackedRecording.PutAsync(tenant, Ct);
        await RunAgainAsync(tenant);
        var full = await AdvanceAsync(tenant);
        await using (var scope = tenant.Enter())
        {
            DateTimeOffset? now = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.Where(export => export.Id == ahead[0]).ExecuteUpdateAsync(set => set.SetProperty(export => export.FetchedWholeAt, now), Ct);
        }

        var next = await AdvanceAsync(tenant);

        Assert.Equal(AdvanceRunJob.MostAhead, full.Count);
        Assert.Equal(AdvanceRunJob.MostAhead + 1, next.Count);
    }

    [Fact]
    public async Task A_package_is_no_longer_than_a_browser_fetches_in_one_go_unless_one_recording_is()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        for (var i = 0; i < 3; i++)
            await PackedRecording.PutAsync(tenant, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var recordings = scope.ServiceProvider.GetRequiredService<RunRecordings>();
        var run = new EverythingRun { TenantId = tenant.Id, Id = Guid.CreateVersion7(), For = default, Recipient = default, MemberId = tenant.Owner.Id, CreatedAt = default, LicensedUntil = default, State = RunState.Running, Round = 1 };

        var all = await recordings.NextAsync(run, Ct);
        await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.SizeInBytes, RunRecordings.MostBytes / 2), Ct);
        var two = await recordings.NextAsync(run, Ct);
        await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.SizeInBytes, RunRecordings.MostBytes * 2), Ct);
        var one = await recordings.NextAsync(run, Ct);

        Assert.Equal((3, 2, 1), (all.Count, two.Count, one.Count));
    }

    [Fact]
    public async Task In_nobodys_name_nothing_is_packed()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        await RunAgainAsync(tenant);
        await using (var scope = tenant.Enter())
        {
            DateTimeOffset? now = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.Where(session => session.MemberId == tenant.Owner.Id).ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), Ct);
        }

        await PackedRecording.PutAsync(tenant, Ct);
        var made = await AdvanceAsync(tenant);
        using var back = await SignInAsync(tenant, Role.Owner);
        var page = await TextAsync(back);

        Assert.Empty(made);
        Assert.Equal(RunState.SignedOut, (await WhereAsync(tenant)).State);
        Assert.Contains("is signed out", page, StringComparison.Ordinal);
        Assert.Contains("Go on with the rest", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_it_asks_for_no_further_package_and_the_log_says_so()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        await RunAgainAsync(tenant);

        using var stopped = await browser.PostFormAsync(Path + "/stop", [], Ct, page: Path);
        await PackedRecording.PutAsync(tenant, Ct);

        Assert.Equal(Path, stopped.Headers.Location!.OriginalString);
        Assert.Empty(await AdvanceAsync(tenant));
        Assert.Equal(RunState.Stopped, (await WhereAsync(tenant)).State);
        Assert.Contains("export.everything-stopped", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task A_package_that_can_not_be_fetched_any_more_stands_in_nobodys_way()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await PackedRecording.PutAsync(tenant, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        var first = (await AdvanceAsync(tenant)).Single();
        await PackedRecording.UntilBuiltAsync(tenant, first, Ct);
        await RunAgainAsync(tenant);
        await RestrictAsync(tenant, recording.Id, "restricted");

        await AdvanceAsync(tenant);
        await RestrictAsync(tenant, recording.Id, "confidential");
        var over = await WhereAsync(tenant);
        using var goneOn = await browser.PostFormAsync(Path + "/go-on", [], Ct, page: Path);
        var second = Assert.Single((await AdvanceAsync(tenant)).Except([first]));

        Assert.Equal((RunState.Over, new RunCounts(1, 0, 0, 0, 0, 1)), over);
        Assert.Equal([recording.Id], await HeldAsync(tenant, [second]));
    }

    [Fact]
    public async Task Under_a_licence_that_has_ended_nothing_more_is_packed()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        await AdvanceAsync(tenant);
        await PackedRecording.PutAsync(tenant, Ct);
        await using (var scope = tenant.Enter())
        {
            var past = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.ExecuteUpdateAsync(set => set.SetProperty(run => run.LicensedUntil, past), Ct);
        }

        using var refused = await browser.PostFormAsync(Path + "/go-on", [], Ct, page: Path);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Begin anew, with a licence", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(await AdvanceAsync(tenant));
        Assert.DoesNotContain("Go on with the rest", await TextAsync(browser), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_contributor_fetched_of_it_its_owner_does_not_have()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await PackedRecording.PutAsync(tenant, Ct);
        using var owner = await SignInAsync(tenant, Role.Owner);
        using var contributor = await SignInAsync(tenant, Role.Contributor);
        (await BeginAsync(owner)).Dispose();
        var export = (await AdvanceAsync(tenant)).Single();
        await PackedRecording.UntilBuiltAsync(tenant, export, Ct);

        Assert.NotEmpty(await FetchAsync(contributor, export));
        var byOther = (await WhereAsync(tenant)).Counts;
        Assert.NotEmpty(await FetchAsync(owner, export));

        Assert.Equal((0, 1), (byOther.Fetched, byOther.Ready));
        for (var looks = 0; (await WhereAsync(tenant)).Counts.Fetched == 0 && looks < 200; looks++)
            await Task.Delay(50, Ct);
        Assert.Equal(1, (await WhereAsync(tenant)).Counts.Fetched);
    }

    [Fact]
    public async Task Where_the_house_is_full_the_page_says_what_helps()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        await RunAgainAsync(tenant);
        for (var more = 0; more < ExportOrdering.MostBuilding; more++)
            await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct);
        await using (var scope = tenant.Enter())
        {
            DateTimeOffset? later = s_held;
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Waiting).SetProperty(export => export.ClaimedUntil, later), Ct);
        }

        await PackedRecording.PutAsync(tenant, Ct);

        Assert.Empty(await AdvanceAsync(tenant));
        Assert.Contains("As many packages wait here as the vault keeps at once.", await TextAsync(browser), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_gets_in_whatever_it_lists()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var client = await tenant.ClientAsync(Role.Owner, Ct);

        using var read = await client.GetAsync(Path, Ct);
        using var begun = await client.PostAsync(Path, new FormUrlEncodedContent([new("purpose", "view-internal"), new("recipient", "Me")]), Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (read.StatusCode, begun.StatusCode));
    }

    [Fact]
    public async Task Its_recipient_stands_nowhere_in_clear_and_a_wrong_form_comes_back_as_it_was()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);

        using var wrong = await browser.PostFormAsync(Path, [("purpose", "view-internal"), ("recipient", ""), ("licensedDays", "365")], Ct, page: Path);
        (await BeginAsync(browser)).Dispose();

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("id=\"recipient-error\"", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("The archive", await TextAsync(browser), StringComparison.Ordinal);
        await using var scope = tenant.Enter();
        var run = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.SingleAsync(Ct);
        Assert.DoesNotContain("The archive", System.Text.Encoding.UTF8.GetString(run.Recipient.Bytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owners_and_admins_do_it_and_another_organisation_sees_nothing_of_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await PackedRecording.PutAsync(tenant, Ct);
        using var owner = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(owner)).Dispose();
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(shared.Vault, Ct), Role.Owner);
        using var contributor = await SignInAsync(tenant, Role.Contributor);
        using var admin = await SignInAsync(tenant, Role.Admin);

        using var refused = await contributor.GetAsync(Path, Ct);
        using var begun = await contributor.PostFormAsync(Path, [("purpose", "view-internal"), ("recipient", "Me")], Ct, page: "/exports");

        Assert.DoesNotContain("The archive", await TextAsync(stranger), StringComparison.Ordinal);
        Assert.Contains("The archive", await TextAsync(admin), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (refused.StatusCode, begun.StatusCode));
    }

    private static async Task<byte[]> FetchAsync(TestBrowser browser, Guid export)
    {
        using var answer = await browser.GetAsync($"/exports/{export}/download", Ct);
        return await answer.Content.ReadAsByteArrayAsync(Ct);
    }

    private async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role is Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private static Task<HttpResponseMessage> BeginAsync(TestBrowser browser) =>
        browser.PostFormAsync(Path, [("purpose", "view-internal"), ("recipient", "The archive"), ("licensedDays", "365")], Ct, page: Path);

    /// <summary>What the minute's nudge does; the exports of the run, the oldest first.</summary>
    private static async Task<List<Guid>> AdvanceAsync(TestTenant tenant)
    {
        await LetGoAsync(tenant);
        Guid runId;
        await using (var scope = tenant.Enter())
            runId = (await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.AsNoTracking().SingleAsync(Ct)).Id;
        // The server's own worker may be at it just now.
        for (var look = 0; look < 200; look++)
        {
            await using (var scope = tenant.Vault.Services.CreateAsyncScope())
                await scope.ServiceProvider.GetRequiredService<TenantJobRunner<AdvanceRunJob>>().RunAsync(tenant.Id, runId, Ct);
            await using var after = tenant.Enter();
            var db = after.ServiceProvider.GetRequiredService<VaultDbContext>();
            if (await db.EverythingRuns.AnyAsync(run => run.Id == runId && run.ClaimedUntil == null, Ct))
                return await db.PackageExports.Where(export => export.RunId == runId).OrderBy(export => export.CreatedAt).ThenBy(export => export.Id).Select(export => export.Id).ToListAsync(Ct);
            await Task.Delay(50, Ct);
        }

        throw new TimeoutException("Somebody else is at the run for ten seconds.");
    }

    /// <summary>As if it had not come to its end yet, and somebody were at it: neither the nudge of its beginning nor the minute's comes in between until it is advanced here.</summary>
    private static async Task RunAgainAsync(TestTenant tenant)
    {
        await AdvanceAsync(tenant);
        await using var scope = tenant.Enter();
        DateTimeOffset? until = s_held;
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Running).SetProperty(run => run.ClaimedUntil, until), Ct);
    }

    private static async Task LetGoAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        DateTimeOffset? until = s_held;
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.Where(run => run.ClaimedUntil == until).ExecuteUpdateAsync(set => set.SetProperty(run => run.ClaimedUntil, (DateTimeOffset?)null), Ct);
    }

    private static async Task<(RunState State, RunCounts Counts)> WhereAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        var run = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.AsNoTracking().SingleAsync(Ct);
        return (run.State, await scope.ServiceProvider.GetRequiredService<RunRecordings>().CountAsync(run, Ct));
    }

    private static async Task<List<Guid>> HeldAsync(TestTenant tenant, List<Guid> exports)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExportItems.Where(item => exports.Contains(item.ExportId)).Select(item => item.RecordingId).ToListAsync(Ct);
    }

    private static async Task RestrictAsync(TestTenant tenant, Guid recording, string label)
    {
        await using var scope = tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(row => row.Id == recording)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Label, Enum.Parse<RecordingVault.Server.Features.Recordings.ConfidentialityLabel>(label, ignoreCase: true)), Ct);
    }

    private static async Task<string> TextAsync(TestBrowser browser)
    {
        using var answer = await browser.GetAsync(Path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
    }
}
