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

/// <summary>What can stand in the way of a run over everything: packages that nobody can fetch, a full house, a licence that has ended, somebody else.</summary>
public sealed class EverythingInTheWayTests(SharedVault shared) : EverythingRunTests(shared)
{
    [Fact]
    public async Task A_package_that_can_not_be_fetched_any_more_stands_in_nobodys_way()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        await AdvanceAsync(tenant);
        await PackedRecording.PutAsync(tenant, Ct);
        await using (var scope = tenant.Enter())
        {
            var past = DateTimeOffset.UnixEpoch.AddYears(50);
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.ExecuteUpdateAsync(set => set.SetProperty(run => run.LicensedUntil, past), Ct);
        }

        await RunAgainAsync(tenant);
        Assert.Empty(await AdvanceAsync(tenant));
        Assert.Equal(RunState.Over, (await WhereAsync(tenant)).State);
        using var refused = await browser.PostFormAsync(Path + "/go-on", [], Ct, page: Path);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Begin anew, with a licence", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(await AdvanceAsync(tenant));
        Assert.DoesNotContain("Go on with the rest", await TextAsync(browser), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_contributor_fetched_of_it_its_owner_does_not_have()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
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
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var browser = await SignInAsync(tenant, Role.Owner);
        (await BeginAsync(browser)).Dispose();
        await RunAgainAsync(tenant);
        for (var more = 0; more < ExportOrdering.MostBuilding; more++)
            await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct);
        await using (var scope = tenant.Enter())
        {
            DateTimeOffset? later = Held;
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.ExecuteUpdateAsync(set => set.SetProperty(export => export.State, ExportState.Waiting).SetProperty(export => export.ClaimedUntil, later), Ct);
        }

        await PackedRecording.PutAsync(tenant, Ct);

        Assert.Empty(await AdvanceAsync(tenant));
        Assert.Contains("as the vault keeps at once. When some on the page Exports", await TextAsync(browser), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_gets_in_whatever_it_lists()
    {
        var tenant = await TestTenant.CreateAsync(Vault, Ct);
        using var client = await tenant.ClientAsync(Role.Owner, Ct);

        using var read = await client.GetAsync(Path, Ct);
        using var begun = await client.PostAsync(Path, new FormUrlEncodedContent([new("purpose", "view-internal"), new("recipient", "Me")]), Ct);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (read.StatusCode, begun.StatusCode));
    }
}
