using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Slow senders and full hands, by a clock that the test moves.</summary>
public sealed class SlowSenderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private TestVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Fact]
    public async Task Bytes_that_drip_are_put_away_although_they_never_pause()
    {
        const int Drop = 2_000;
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(1_000_000);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        using var part = new SlowPart(null);
        var running = tus.PatchAsync(address, 0, part, Ct);

        var (sent, acknowledged) = (0, 0L);
        for (var second = 0; acknowledged == 0 && second < 100; second++)
        {
            // Half a second apart, so that each tick has heard something.
            for (var half = 0; half < 2; half++)
            {
                await part.SendAsync(bytes[sent..(sent += Drop)], Ct);
                await Task.Delay(20, Ct);
                clock.Advance(TimeSpan.FromMilliseconds(500));
            }

            acknowledged = await AcknowledgedAsync(tenant, Ct);
        }

        Assert.True(acknowledged > 0, "Nothing was put away in a hundred seconds.");
        Assert.False(running.IsCompleted);
        using var ended = await tus.DeleteAsync(address, Ct);
        part.SendLast([]); // the client reads no answer before its own end
        using var answer = await running;
        Assert.Equal("upload-taken-over", await TusClient.SlugAsync(answer, 423, Ct));
    }

    [Fact(Timeout = 120_000)]
    public async Task Whoever_wakes_a_part_waits_for_nothing_that_the_part_then_does()
    {
        const int Segment = SegmentBuffer.Capacity;
        var cancellation = TestContext.Current.CancellationToken;
        var tenant = await TestTenant.CreateAsync(vault, cancellation);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, cancellation);
        var bytes = Footage.Make(3 * Segment);
        var (address, _) = await tus.BeginAsync(bytes.Length, cancellation);
        using var part = new SlowPart(bytes.Length);
        var running = tus.PatchAsync(address, 0, part, cancellation);
        await part.SendAsync(bytes[..(2 * Segment)], cancellation);
        // The first segment is acknowledged; by a clock that stands still the second one waits for its second to pass.
        while (await AcknowledgedAsync(tenant, cancellation) < Segment || Directory.EnumerateFiles(vault.DataDirectory, "*", SearchOption.AllDirectories).Count(file => new FileInfo(file).Length > Segment) < 2)
            await Task.Delay(10, cancellation);

        await using (await HeldDatabase.TakeAsync(vault, cancellation))
        {
            // Each tick may wake the part, which goes on to commit. Were it done here, this thread would wait for itself.
            for (var second = 0; second < 5; second++)
                clock.Advance(TimeSpan.FromSeconds(1));
        }

        while (await AcknowledgedAsync(tenant, cancellation) < 2 * Segment)
        {
            await Task.Delay(10, cancellation);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        part.SendLast(bytes[(2 * Segment)..]);
        using var answer = await running;
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact]
    public async Task A_member_whose_share_is_out_is_told_to_come_back_and_others_go_on()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(50_000);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        var colleague = await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var (other, _) = await colleague.BeginAsync(bytes.Length, Ct);
        var shares = vault.Services.GetRequiredService<BufferShares>();
        var held = await HoldAllAsync(shares, tenant);

        var waiting = tus.PatchAsync(address, 0, bytes, Ct);
        while (!shares.IsAnybodyWaiting)
            await Task.Delay(10, Ct);
        await colleague.AppendAsync(other, 0, bytes, Ct);
        clock.Advance(BufferShares.LongestWait);
        using var answer = await waiting;

        Assert.Equal("vault-busy", await TusClient.SlugAsync(answer, 503, Ct));
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
        held.ForEach(share => share.Dispose());
        await tus.AppendAsync(address, 0, bytes, Ct);
    }

    [Fact]
    public async Task A_part_that_waits_for_a_buffer_gives_way_at_once()
    {
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(50_000, Ct);
        var shares = vault.Services.GetRequiredService<BufferShares>();
        await HoldAllAsync(shares, tenant);
        var waiting = tus.PatchAsync(address, 0, Footage.Make(50_000), Ct);
        while (!shares.IsAnybodyWaiting)
            await Task.Delay(10, Ct);

        using var ended = await tus.DeleteAsync(address, Ct);
        using var answer = await waiting;

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal("upload-taken-over", await TusClient.SlugAsync(answer, 423, Ct));
        Assert.False(shares.IsAnybodyWaiting);
    }

    /// <summary>From the row: HEAD waits a moment for a part to end.</summary>
    private Task<long> AcknowledgedAsync(TestTenant tenant, CancellationToken cancellation) =>
        new VaultView(vault, tenant.Id).RowsAsync(db => db.Uploads.Select(upload => upload.ReceivedBytes).SingleAsync(cancellation));

    private static async Task<List<IDisposable>> HoldAllAsync(BufferShares shares, TestTenant tenant)
    {
        var held = new List<IDisposable>();
        for (var i = 0; i < BufferShares.OfMember; i++)
            held.Add(await shares.TakeAsync(tenant.Id, tenant.Owner.Id, Ct));
        return held;
    }
}
