using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Joining;
using RecordingVault.Server.Tests.Operators;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Sessions;

/// <summary>What ended over 30 days ago is deleted, and nothing else.</summary>
public sealed class SweepEndedTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_go_thirty_days_after_they_ended_or_ran_out()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        using var ended = await SignedInAsync(tenant);
        await ended.PostFormAsync("/signout", [], Ct, page: "/settings/profile");
        using var forgotten = await SignedInAsync(tenant);

        clocked.Clock.Advance(SweepEndedJob.Kept);
        using var running = await SignedInAsync(tenant);
        await SweepAsync();
        Assert.Equal(3, await CountAsync(tenant));
        clocked.Clock.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Equal(2, await CountAsync(tenant));
        clocked.Clock.Advance(Session.IdleLimit);
        await SweepAsync();

        Assert.Equal(1, await CountAsync(tenant));
        Assert.NotNull(running.Cookie(SessionCookie.Name));
    }

    [Fact]
    public async Task Sessions_of_operators_links_and_invitations_go_too()
    {
        var invited = await Invited.MakeAsync(clocked.Vault, Ct);
        await using var scope = invited.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var now = clocked.Clock.GetUtcNow();
        var link = AccountLink.New();
        db.PasswordResets.Add(new PasswordReset { Id = link.Id, MemberId = invited.Tenant.Owner.Id, SecretHash = link.Hash(AccountLink.ResetLabel), Stamp = "s", CreatedAt = now, EndsAt = now });
        db.AddressReturns.Add(new AddressReturn { Id = link.Id, MemberId = invited.Tenant.Owner.Id, Address = SealedText.FromBytes(new byte[] { 1 }), SecretHash = link.Hash(AccountLink.ReturnLabel), WasProved = true, AskedAt = now, CreatedAt = now, EndsAt = now });
        await TestOperator.CreateAsync(clocked.Vault, Ct);
        var operatorId = await db.Operators.Select(row => row.Id).FirstAsync(Ct);
        var (over, runs) = (SessionOf(operatorId, now), SessionOf(operatorId, now + SweepEndedJob.Kept));
        db.OperatorSessions.AddRange(over, runs);
        await db.SaveChangesAsync(Ct);

        clocked.Clock.Advance(SweepEndedJob.Kept + TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Equal([runs.Id], await db.OperatorSessions.AsNoTracking().Where(row => row.Id == over.Id || row.Id == runs.Id).Select(row => row.Id).ToListAsync(Ct));
        Assert.False(await db.PasswordResets.AsNoTracking().AnyAsync(row => row.Id == link.Id, Ct));
        Assert.False(await db.AddressReturns.AsNoTracking().AnyAsync(row => row.Id == link.Id, Ct));
        Assert.True(await db.Invitations.AsNoTracking().AnyAsync(row => row.Id == invited.Id, Ct));
        clocked.Clock.Advance(RecordingVault.Server.Features.Joining.Invitation.Lifetime);
        await SweepAsync();

        Assert.False(await db.Invitations.AsNoTracking().AnyAsync(row => row.Id == invited.Id, Ct));
        Assert.False(await db.Locators.AsNoTracking().AnyAsync(row => row.Id == invited.Id, Ct));
        Assert.True(await invited.Tenant.HasEventAsync("invitation.created", invited.Id, Ct));
    }

    [Fact]
    public async Task More_invitations_than_are_read_at_once_all_go()
    {
        const int many = 1_100;
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(Ct);
        var now = clocked.Clock.GetUtcNow();
        for (var i = 0; i < many; i++)
        {
            var id = Guid.NewGuid();
            db.Invitations.Add(new RecordingVault.Server.Features.Joining.Invitation
            {
                TenantId = tenant.Id,
                Id = id,
                SecretHash = new byte[32],
                Role = Role.Viewer,
                Email = SealedText.Seal(key, tenant.Id, id, RecordingVault.Server.Features.Joining.Invitation.EmailColumn, "ida@example.com"),
                CreatedAt = now,
                ExpiresAt = now.AddDays(1),
                InvitedBy = tenant.Owner.Id,
            });
        }

        await db.SaveChangesAsync(Ct);
        clocked.Clock.Advance(TimeSpan.FromDays(1) + SweepEndedJob.Kept + TimeSpan.FromSeconds(1));

        await SweepAsync();

        Assert.Equal(0, await db.Invitations.CountAsync(Ct));
    }

    [Fact]
    public async Task What_fails_in_one_tenant_keeps_no_other_ones_invitations()
    {
        var (first, second) = (await Invited.MakeAsync(clocked.Vault, Ct), await Invited.MakeAsync(clocked.Vault, Ct));
        clocked.Clock.Advance(RecordingVault.Server.Features.Joining.Invitation.Lifetime + SweepEndedJob.Kept + TimeSpan.FromSeconds(1));

        using (DatabaseEvents.WhenTransactionStarted(first.Tenant.Id, _ => throw new InvalidOperationException("this tenant's rows can't be read")))
            await SweepAsync();

        await using var scope = first.Tenant.Enter();
        Assert.True(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Invitations.AnyAsync(row => row.Id == first.Id, Ct));
        await using var other = second.Tenant.Enter();
        Assert.False(await other.ServiceProvider.GetRequiredService<VaultDbContext>().Invitations.AnyAsync(row => row.Id == second.Id, Ct));
    }

    private static OperatorSession SessionOf(Guid operatorId, DateTimeOffset ended)
    {
        var secret = SecretToken.New();
        return new OperatorSession { Id = Guid.CreateVersion7(), SecretHash = SecretToken.Hash(secret), OperatorId = operatorId, Stamp = "s", SignedInAt = ended, LastSeenAt = ended, EndedAt = ended };
    }

    private async Task<TestBrowser> SignedInAsync(TestTenant tenant)
    {
        var browser = new TestBrowser(clocked.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        return browser;
    }

    private async Task SweepAsync()
    {
        await using var scope = clocked.Vault.Services.CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<SweepEndedJob>(scope.ServiceProvider).RunAsync(Ct);
    }

    private static async Task<int> CountAsync(TestTenant tenant)
    {
        await using var scope = tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Sessions.CountAsync(row => row.MemberId == tenant.Owner.Id, Ct);
    }
}
