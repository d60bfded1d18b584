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
public sealed class EverythingTests(SharedVault shared) : EverythingRunTests(shared)
{
    [Fact]
    public async Task Everything_that_may_leave_is_packed_and_what_may_not_is_named_with_its_reason()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
    public async Task Its_recipient_stands_nowhere_in_clear_and_a_wrong_form_comes_back_as_it_was()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        await PackedRecording.PutAsync(tenant, Ct);
        using var owner = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(owner)).Dispose();
        using var stranger = await SignInAsync(await TestTenant.CreateAsync(Vault, Ct), Role.Owner);
        using var contributor = await SignInAsync(tenant, Role.Contributor);
        using var admin = await SignInAsync(tenant, Role.Admin);

        using var refused = await contributor.GetAsync(Path, Ct);
        using var begun = await contributor.PostFormAsync(Path, [("purpose", "view-internal"), ("recipient", "Me")], Ct, page: "/exports");

        Assert.DoesNotContain("The archive", await TextAsync(stranger), StringComparison.Ordinal);
        Assert.Contains("The archive", await TextAsync(admin), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (refused.StatusCode, begun.StatusCode));
    }
}
