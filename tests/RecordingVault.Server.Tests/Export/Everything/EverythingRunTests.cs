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

/// <summary>Begins runs over everything, has them advance, and looks where they are.</summary>
public abstract class EverythingRunTests(SharedVault shared)
{
    private protected TestVault Vault => shared.Vault;

    protected const string Path = "/exports/everything";

    private protected static readonly DateTimeOffset Held = DateTimeOffset.UnixEpoch.AddYears(100);

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected static async Task<byte[]> FetchAsync(TestBrowser browser, Guid export)
    {
        using var answer = await browser.GetAsync($"/exports/{export}/download", Ct);
        return await answer.Content.ReadAsByteArrayAsync(Ct);
    }

    private protected async Task<TestBrowser> SignInAsync(TestTenant tenant, Role role)
    {
        var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(role is Role.Owner ? tenant.Owner : await tenant.AddAsync(role, Ct), Ct)).Dispose();
        return browser;
    }

    private protected static Task<HttpResponseMessage> BeginAsync(TestBrowser browser) =>
        browser.PostFormAsync(Path, [("purpose", "view-internal"), ("recipient", "The archive"), ("licensedDays", "365")], Ct, page: Path);

    /// <summary>What the minute's nudge does; the exports of the run, the oldest first.</summary>
    private protected static async Task<List<Guid>> AdvanceAsync(TestTenant tenant)
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
    private protected static async Task RunAgainAsync(TestTenant tenant)
    {
        await AdvanceAsync(tenant);
        await using var scope = tenant.Enter();
        DateTimeOffset? until = Held;
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.ExecuteUpdateAsync(set => set.SetProperty(run => run.State, RunState.Running).SetProperty(run => run.ClaimedUntil, until), Ct);
    }

    private protected static async Task LetGoAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        DateTimeOffset? until = Held;
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.Where(run => run.ClaimedUntil == until).ExecuteUpdateAsync(set => set.SetProperty(run => run.ClaimedUntil, (DateTimeOffset?)null), Ct);
    }

    private protected static async Task<(RunState State, RunCounts Counts)> WhereAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        var run = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().EverythingRuns.AsNoTracking().SingleAsync(Ct);
        return (run.State, await scope.ServiceProvider.GetRequiredService<RunRecordings>().CountAsync(run, Ct));
    }

    private protected static async Task<List<Guid>> HeldAsync(TestTenant tenant, List<Guid> exports)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExportItems.Where(item => exports.Contains(item.ExportId)).Select(item => item.RecordingId).ToListAsync(Ct);
    }

    private protected static async Task RestrictAsync(TestTenant tenant, Guid recording, string label)
    {
        await using var scope = tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.Where(row => row.Id == recording)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Label, Enum.Parse<RecordingVault.Server.Features.Recordings.ConfidentialityLabel>(label, ignoreCase: true)), Ct);
    }

    private protected static async Task<string> TextAsync(TestBrowser browser)
    {
        using var answer = await browser.GetAsync(Path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
    }
}
