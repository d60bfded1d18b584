using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>What happens to a part that is under way: its connection breaks, stands still, is wanted by another; the server stops, the disk is full.</summary>
public sealed class RunningPartTests(SharedVault shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_had_come_when_the_connection_broke_is_kept_and_gone_on_from()
    {
        const int Sent = Footage.Segment + 100_000;
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(2 * Footage.Segment);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var part = new SlowPart(bytes.Length);
        var running = tus.PatchAsync(address, 0, part, broken.Token);
        await part.SendAsync(bytes[..Sent], Ct);
        await UntilAsync(tus, address, Footage.Segment);

        await broken.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await UntilAsync(tus, address, Sent);
        await tus.AppendAsync(address, Sent, bytes[Sent..], Ct);
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task What_came_before_a_silence_counts_while_the_part_still_runs()
    {
        const int First = 100_000;
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(300_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        using var part = new SlowPart(bytes.Length);
        var running = tus.PatchAsync(address, 0, part, Ct);

        await part.SendAsync(bytes[..First], Ct);
        await UntilAsync(tus, address, First);
        part.SendLast(bytes[First..]);

        using var answer = await running;
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task Whoever_asks_after_a_cut_is_told_what_was_still_put_away()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(3_000_000);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        var arriving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var going = new ManualResetEventSlim();
        using (DatabaseEvents.WhenSaving(tenant.Id, db =>
        {
            // The cut part is at its last words while the other question comes.
            if (!db.ChangeTracker.Entries<UploadSegment>().Any(entry => entry.State == EntityState.Added)) return;
            arriving.TrySetResult();
            going.Wait(Limit, Ct);
        }))
        {
            using var part = new SlowPart(bytes.Length);
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var running = tus.PatchAsync(address, 0, part, cut.Token);
            await part.SendAsync(bytes[..1_000_000], Ct);
            // A reset throws away what the server has not read yet: it must have read something.
            await Task.Delay(1_000, Ct);
            await cut.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            await arriving.Task.WaitAsync(Limit, Ct);
            var asked = tus.OffsetAsync(address, Ct);
            await Task.WhenAny(asked, Task.Delay(100, Ct));
            going.Set();

            var told = await asked;
            Assert.InRange(told, 1, 1_000_000);
            Assert.Equal(await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Uploads.Select(upload => upload.ReceivedBytes).SingleAsync(Ct)), told);
        }
    }

    [Fact]
    public async Task A_newer_part_takes_over_and_the_older_is_told_and_keeps_what_it_brought()
    {
        const int First = 100_000;
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(300_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        using var part = new SlowPart(null);
        var running = tus.PatchAsync(address, 0, part, Ct);
        await part.SendAsync(bytes[..First], Ct);
        await UntilAsync(tus, address, First);

        using var fromTheStart = await tus.PatchAsync(address, 0, bytes, Ct);
        part.SendLast([]); // the client reads no answer before its own end
        using var older = await running;
        await tus.AppendAsync(address, First, bytes[First..], Ct);

        Assert.Equal("offset-mismatch", await TusClient.SlugAsync(fromTheStart, 409, Ct));
        Assert.Equal(First, TusClient.OffsetOf(fromTheStart));
        Assert.Equal("upload-taken-over", await TusClient.SlugAsync(older, 423, Ct));
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task A_server_that_stops_keeps_what_had_come_and_says_when_to_come_back()
    {
        const int First = 100_000;
        await using var vault = await TestVault.StartAsync();
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(300_000, Ct);
        using var part = new SlowPart(null);
        var running = tus.PatchAsync(address, 0, part, Ct);
        await part.SendAsync(Footage.Make(First), Ct);
        await UntilAsync(tus, address, First);

        vault.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        while (vault.Services.GetRequiredService<UploadTurns>().IsTaken(tenant.Id, TusClient.IdOf(address)))
            await Task.Delay(10, Ct);
        part.SendLast([]); // the client reads no answer before its own end

        using var answer = await running;
        Assert.Equal("vault-stopping", await TusClient.SlugAsync(answer, 503, Ct));
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(First, await new VaultView(vault, tenant.Id).RowsAsync(db => db.Uploads.Select(upload => upload.ReceivedBytes).SingleAsync(Ct)));
    }

    [Fact]
    public async Task A_full_disk_is_507_and_costs_nothing_that_was_acknowledged()
    {
        const int NoSpace = 28; // errno, as .NET keeps it
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(Footage.Segment + 500_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        await tus.AppendAsync(address, 0, bytes[..1_000], Ct);
        var view = new VaultView(shared.Vault, tenant.Id);
        var before = await view.ObjectsAsync(recording);

        using (DatabaseEvents.WhenSaving(tenant.Id, db => ThrowFor(db, NoSpace)))
        {
            using var middle = await tus.PatchAsync(address, 1_000, bytes[1_000..^10], Ct);
            Assert.Equal("store-full", await TusClient.SlugAsync(middle, 507, Ct));
        }

        Assert.Equal(1_000, await tus.OffsetAsync(address, Ct));
        Assert.Equal(before, await view.ObjectsAsync(recording));
        await tus.AppendAsync(address, 1_000, bytes[1_000..], Ct);
        Assert.Equal(bytes, await view.ContentAsync(recording));
    }

    private static void ThrowFor(Server.Data.VaultDbContext db, int error)
    {
        if (db.ChangeTracker.Entries<UploadSegment>().Any(entry => entry.State != EntityState.Unchanged))
            throw new IOException("No space left on device", error);
    }

    private static async Task UntilAsync(TusClient tus, string address, long offset)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        long now;
        while ((now = await tus.OffsetAsync(address, limit.Token)) < offset)
            await Task.Delay(20, limit.Token);
        Assert.Equal(offset, now);
    }
}
