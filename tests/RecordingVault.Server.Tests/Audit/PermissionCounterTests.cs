using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Members;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Audit;

public sealed class PermissionCounterTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_can_change_what_the_gate_answers_raises_the_counter()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Ct);
        var tenant = link.Recording.Tenant;
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        await RaisesAsync("a link is changed", () => link.ChangeAsync(new { allowDownload = true }, Ct));
        await RaisesAsync("a link is stopped", () => link.StopAsync(Ct));
        await RaisesAsync("somebody joins", () => tenant.AddAsync(Role.Viewer, Ct));
        await RaisesAsync("a role changes", () => MembershipsOf.ChangeRoleAsync(tenant, member, Role.Viewer, Ct));
        await RaisesAsync("a label is tightened", () => owner.PutAsJsonAsync($"{link.Recording.Path}/label", new { label = "restricted" }, Ct));
        await RaisesAsync("a label is loosened", () => browser.PostFormAsync($"/recordings/{link.Recording.Id}/label", [("label", "internal"), ("reason", "For the test.")], Ct, page: "/password"));
        await RaisesAsync("a manifest is committed", async () =>
        {
            var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
            var (address, _) = await tus.BeginAsync(100_000, Ct);
            await tus.AppendAsync(address, 0, Footage.Make(100_000, 1), Ct);
        });
        await RaisesAsync("a password is changed", () =>
            browser.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", "another lantern of his")], Ct));
        await RaisesAsync("somebody signs out", () => browser.PostFormAsync("/signout", [], Ct, page: "/password"));
        await RaisesAsync("a token is revoked", async () => await owner.DeleteAsync(new Uri($"/api/v1/tokens/{await TokenIdAsync(tenant)}", UriKind.Relative), Ct));

        async Task RaisesAsync(string what, Func<Task> act)
        {
            var before = await CounterAsync(tenant);
            await act();
            Assert.True(await CounterAsync(tenant) > before, what);
        }
    }

    [Fact]
    public async Task Who_reads_the_counter_while_a_change_is_on_its_way_does_not_believe_it_afterwards()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var counters = shared.Vault.Services.GetRequiredService<RevocationCounters>();
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        await scope.ServiceProvider.GetRequiredService<AuditLog>().AppendAsync(
            new AuditEntry("member.changed", Actor.System, AuditTargetKind.Member, tenant.Owner.Id) { ChangesPermission = true }, Ct);
        await CounterAsync(tenant);
        Assert.True(counters.TryGet(tenant.Id, out _));

        await db.SaveChangesAsync(Ct);
        await transaction.CommitAsync(Ct);

        Assert.False(counters.TryGet(tenant.Id, out _));
    }

    /// <summary>On PostgreSQL two transactions that took the head of the log and the counter in different order would wait for each other, and one of them be given up.</summary>
    [Fact]
    public async Task Acts_that_change_permissions_at_once_don_t_wait_for_each_other()
    {
        var link = await SharedLink.MakeAsync(shared.Vault, Ct);
        var tenant = link.Recording.Tenant;
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).SelectMany<int, Func<Task<HttpResponseMessage>>>(_ =>
        [
            () => link.ChangeAsync(new { allowDownload = true }, Ct),
            () => owner.PostAsJsonAsync("/api/v1/shares/stop", new { recording = link.Recording.Id }, Ct),
            async () => await owner.DeleteAsync(new Uri($"/api/v1/tokens/{await TokenIdAsync(tenant)}", UriKind.Relative), Ct),
            async () =>
            {
                using var browser = new TestBrowser(shared.Vault);
                await browser.SignInAsync(tenant.Owner, Ct);
                return await browser.PostFormAsync("/signout", [], Ct, page: "/password");
            },
        ]).Select(act => act()));

        Assert.All(answers, answer => Assert.True(answer.StatusCode is < HttpStatusCode.InternalServerError, $"{answer.RequestMessage?.RequestUri}: {answer.StatusCode}"));
    }

    private static async Task<string> TokenIdAsync(TestTenant tenant) =>
        RecordingVault.Server.Features.Members.TokenText.Parse(await tenant.TokenAsync(tenant.Owner, Role.Viewer, Ct))!.Id.ToString();

    private static async Task<long> CounterAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<Revocations>().ReadAsync(Ct);
    }
}
