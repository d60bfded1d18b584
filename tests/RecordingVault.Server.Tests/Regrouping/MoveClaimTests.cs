using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>Whoever was taken for gone, and is not, writes nothing of a move any more.</summary>
public sealed class MoveClaimTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task Letting_go_and_giving_up_need_the_claim()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        using var old = await ClaimAsync(tenant, move);
        Vault.Clock.Advance(TimeSpan.FromMinutes(2));
        using var claim = await ClaimAsync(tenant, move);
        var row = await Vault.MoveAsync(tenant, move);

        await InScopeAsync(tenant, services => services.GetRequiredService<MoveRows>().ReleaseAsync(row, old.Until, "upload", Ct));
        await InScopeAsync(tenant, services => services.GetRequiredService<MoveRows>().PauseAsync(move, old.Until, Ct));
        await InScopeAsync(tenant, services => services.GetRequiredService<MoveEnding>().GiveUpAsync(row, old.Until, "damaged", Ct));
        await Assert.ThrowsAsync<MoveLostException>(() => InScopeAsync(tenant, services => old.RenewAsync(services.GetRequiredService<MoveRows>(), Ct)));
        var kept = await Vault.MoveAsync(tenant, move);
        await InScopeAsync(tenant, services => services.GetRequiredService<MoveEnding>().GiveUpAsync(row, claim.Until, "damaged", Ct));

        Assert.Equal((MoveState.Running, claim.Until, null), (kept.State, kept.ClaimedUntil, kept.Reason));
        Assert.Equal((MoveState.GivenUp, "damaged"), ((await Vault.MoveAsync(tenant, move)).State, (await Vault.MoveAsync(tenant, move)).Reason));
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "recording.move-given-up");
    }

    [Fact]
    public async Task Files_do_not_change_over_by_a_run_that_was_taken_for_gone()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        DateTimeOffset? stolen = null;
        using (DatabaseEvents.WhenTransactionStarted(tenant.Id, db =>
        {
            // Sealed and read back: the next transaction is the change-over's.
            if (!db.MovedAssets.Any(asset => asset.IsVerified))
                return;
            stolen ??= Vault.Clock.GetUtcNow() + TimeSpan.FromMinutes(1.5);
            db.RecordingMoves.Where(row => row.Id == move).ExecuteUpdate(set => set.SetProperty(row => row.ClaimedUntil, stolen));
        }))
        {
            await MovingVault.RunAsync(tenant, move);
        }

        Assert.NotNull(stolen);
        Assert.Single((await ViewOf(tenant).ManifestAsync(to.Id)).Assets);
        Assert.Single((await ViewOf(tenant).ManifestAsync(from.Id)).Assets);
        Assert.Equal(MoveState.Running, (await Vault.MoveAsync(tenant, move)).State);
        Vault.Clock.Advance(TimeSpan.FromMinutes(2));
        await Vault.FinishAsync(tenant, move);
        Assert.Equal(from.Content, await ViewOf(tenant).ContentAsync(to.Id, 1));
    }

    [Fact]
    public async Task A_claim_is_renewed_by_time_while_a_piece_of_the_work_takes_long()
    {
        var (tenant, to, from) = await PairAsync();
        var move = await MergeAsync(tenant, to.Id, from.Id);
        using var claim = await ClaimAsync(tenant, move);
        var began = claim.Until;

        await Vault.Vault.Services.GetRequiredService<MovePulse>().DuringAsync(claim, UntilRenewedAsync, Ct);

        Assert.Equal(claim.Until, (await Vault.MoveAsync(tenant, move)).ClaimedUntil);
        Assert.True(claim.Until > began);

        async Task UntilRenewedAsync()
        {
            while (claim.Until == began)
            {
                Vault.Clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(10, Ct);
            }
        }
    }

    private async Task<MoveClaim> ClaimAsync(TestTenant tenant, Guid move) =>
        await ViewOf(tenant).InScopeAsync(services => services.GetRequiredService<MoveRows>().ClaimAsync(move, Ct)) ?? throw new InvalidOperationException("It is claimed already.");
}
