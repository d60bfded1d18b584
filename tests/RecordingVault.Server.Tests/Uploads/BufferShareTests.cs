using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Uploads.Receiving;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Nobody keeps others from uploading by holding buffers.</summary>
public sealed class BufferShareTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly BufferShares shares;
    private readonly Guid tenant = Guid.CreateVersion7();
    private readonly Guid member = Guid.CreateVersion7();

    public BufferShareTests() => shares = new BufferShares(clock);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_holds_a_quarter_and_others_are_served_past_him()
    {
        await HoldAsync(tenant, member, BufferShares.OfMember);
        var more = shares.TakeAsync(tenant, member, Ct);

        using var colleague = await shares.TakeAsync(tenant, Guid.CreateVersion7(), Ct);

        Assert.False(more.IsCompleted);
        Assert.True(shares.IsAnybodyWaiting);
    }

    [Fact]
    public async Task A_tenant_holds_half_and_others_are_served_past_it()
    {
        await HoldAsync(tenant, member, BufferShares.OfMember);
        await HoldAsync(tenant, Guid.CreateVersion7(), BufferShares.OfMember);
        var more = shares.TakeAsync(tenant, Guid.CreateVersion7(), Ct);

        using var stranger = await shares.TakeAsync(Guid.CreateVersion7(), member, Ct);

        Assert.False(more.IsCompleted);
    }

    [Fact]
    public async Task Whoever_waited_first_is_served_first()
    {
        var held = await HoldAsync(tenant, member, BufferShares.OfMember);
        var first = shares.TakeAsync(tenant, member, Ct);
        var second = shares.TakeAsync(tenant, member, Ct);

        held[0].Dispose();
        held[0].Dispose();

        (await first).Dispose();
        (await second).Dispose();
        Assert.False(shares.IsAnybodyWaiting);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_the_turn_to_the_next()
    {
        var held = await HoldAsync(tenant, member, BufferShares.OfMember);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = shares.TakeAsync(tenant, member, gone.Token);
        var second = shares.TakeAsync(tenant, member, Ct);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held[0].Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task Nobody_waits_longer_than_a_minute()
    {
        await HoldAsync(tenant, member, BufferShares.OfMember);
        var more = shares.TakeAsync(tenant, member, Ct);

        clock.Advance(BufferShares.LongestWait);

        await Assert.ThrowsAsync<TimeoutException>(() => more);
        Assert.False(shares.IsAnybodyWaiting);
    }

    [Fact]
    public async Task All_together_hold_no_more_than_the_store_lends()
    {
        for (var i = 0; i < 4; i++)
            await HoldAsync(Guid.CreateVersion7(), member, BufferShares.OfMember);

        Assert.False(shares.TakeAsync(Guid.CreateVersion7(), member, Ct).IsCompleted);
    }

    private async Task<List<IDisposable>> HoldAsync(Guid tenantId, Guid memberId, int count)
    {
        var held = new List<IDisposable>();
        for (var i = 0; i < count; i++)
            held.Add(await shares.TakeAsync(tenantId, memberId, Ct));
        return held;
    }
}
