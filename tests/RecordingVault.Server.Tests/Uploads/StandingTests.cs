using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>A part does not outlive the right to send it.</summary>
public sealed class StandingTests(SharedVault shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("token", 401, "sign-in-needed")]
    [InlineData("membership", 401, "sign-in-needed")]
    [InlineData("role", 403, "forbidden")]
    public async Task What_is_taken_away_while_a_part_runs_ends_it_and_what_was_acknowledged_stays(string what, int status, string slug)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var bytes = Footage.Make((3 * Footage.Segment) + 1_000);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        using var part = new SlowPart(bytes.Length);
        var running = tus.PatchAsync(address, 0, part, Ct);
        await part.SendAsync(bytes[..(Footage.Segment + 1_000)], Ct);
        await UntilAsync(tenant, Footage.Segment);

        await TakeAwayAsync(tenant, what);
        part.SendLast(bytes[(Footage.Segment + 1_000)..]);

        using var answer = await running;
        Assert.Equal(slug, await TusClient.SlugAsync(answer, status, Ct));
        Assert.Equal(Footage.Segment, await ReceivedAsync(tenant));
    }

    [Fact]
    public async Task The_last_byte_of_somebody_who_may_not_any_more_finishes_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var bytes = Footage.Make(100_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        using var part = new SlowPart(bytes.Length);
        var running = tus.PatchAsync(address, 0, part, Ct);
        await part.SendAsync(bytes[..50_000], Ct);
        await UntilAsync(tenant, 50_000);

        await TakeAwayAsync(tenant, "token");
        part.SendLast(bytes[50_000..]);

        using var answer = await running;
        Assert.Equal("sign-in-needed", await TusClient.SlugAsync(answer, 401, Ct));
        Assert.Null((await new VaultView(shared.Vault, tenant.Id).RecordingAsync(recording))!.Manifest);
        Assert.Equal(50_000, await ReceivedAsync(tenant));
    }

    [Fact]
    public async Task What_is_taken_away_from_another_disturbs_nobody()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var bytes = Footage.Make((2 * Footage.Segment) + 1_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        using var part = new SlowPart(bytes.Length);
        var running = tus.PatchAsync(address, 0, part, Ct);
        await part.SendAsync(bytes[..(Footage.Segment + 1_000)], Ct);
        await UntilAsync(tenant, Footage.Segment);

        await TakeAwayAsync(tenant, "role");
        part.SendLast(bytes[(Footage.Segment + 1_000)..]);

        using var answer = await running;
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    /// <summary>From the contributor, as the vault does it: the rows and the counter.</summary>
    private static Task<bool> TakeAwayAsync(TestTenant tenant, string what) => new VaultView(tenant.Vault, tenant.Id).InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<VaultDbContext>();
        var (now, owner) = (services.GetRequiredService<TimeProvider>().GetUtcNow(), tenant.Owner.Id);
        await (what switch
        {
            "token" => db.ApiTokens.Where(token => token.MemberId != owner).ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), Ct),
            "membership" => db.Memberships.Where(member => member.MemberId != owner).ExecuteUpdateAsync(set => set.SetProperty(member => member.EndedAt, now), Ct),
            _ => db.Memberships.Where(member => member.MemberId != owner).ExecuteUpdateAsync(set => set.SetProperty(member => member.Role, Role.Viewer), Ct),
        });
        await services.GetRequiredService<IPermissionCounter>().RaiseAsync(Ct);
        return true;
    });

    private static Task<long> ReceivedAsync(TestTenant tenant) => new VaultView(tenant.Vault, tenant.Id).RowsAsync(db => db.Uploads.Select(upload => upload.ReceivedBytes).SingleAsync(Ct));

    private static async Task UntilAsync(TestTenant tenant, long offset)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        while (await ReceivedAsync(tenant) < offset)
            await Task.Delay(20, limit.Token);
    }
}
