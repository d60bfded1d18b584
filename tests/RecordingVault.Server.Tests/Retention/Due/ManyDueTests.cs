using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Retention.Due;

/// <summary>A night costs by what is due and not by what there is. Time is for the benchmarks; here the sentences to the database are counted.</summary>
public sealed class ManyDueTests : IAsyncLifetime
{
    private const int DueOfEach = 100;

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
    private TestVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // No worker: what is counted is the night's alone.
    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(
        builder => builder.Services.AddSingleton<TimeProvider>(clock), settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Roles"] = "web" });

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task A_night_over_ten_thousand_asks_as_often_as_one_over_a_thousand_with_as_many_due()
    {
        var (few, many) = (await FillAsync(1_000), await FillAsync(10_000));
        await NightAsync(few, days: 1);
        await NightAsync(many, days: 0);

        var ofFew = await NightAsync(few, days: 8);
        var ofMany = await NightAsync(many, days: 0);

        Assert.Equal((DueOfEach, DueOfEach), (ofFew.Trashed, ofMany.Trashed));
        Assert.Equal(ofFew.Commands, ofMany.Commands);
        Assert.InRange(ofMany.Commands, DueOfEach, DueOfEach * 30);
    }

    private async Task<(int Trashed, int Commands)> NightAsync(DueHouse house, int days)
    {
        clock.Advance(TimeSpan.FromDays(days));
        using var count = new CommandCount(house.Tenant.Id);
        await house.NightAsync(Ct);
        return ((await house.LastRunAsync(Ct)).Trashed, count.Seen);
    }

    /// <summary>Rows without files and keys: a night opens none of them.</summary>
    private async Task<DueHouse> FillAsync(int recordings)
    {
        var house = await DueHouse.MakeAsync(vault, clock, Ct);
        var ids = Enumerable.Range(0, recordings).Select(_ => Guid.CreateVersion7()).ToList();
        var now = clock.Now();
        foreach (var page in ids.Chunk(1_000))
        {
            await using var scope = house.Tenant.Enter();
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().DataKeyAsync(Ct);
            db.Recordings.AddRange(page.Select(id => new Recording { TenantId = house.Tenant.Id, Id = id, Title = SealedText.Seal(key, house.Tenant.Id, id, Recording.TitleColumn, "Planted"), CreatedAt = now, CreatedBy = house.Tenant.Owner.Id }));
            await db.SaveChangesAsync(Ct);
        }

        var due = ids.Take(DueOfEach).ToList();
        await house.ChangeAsync(db => db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.UploadedAt, now), Ct));
        await house.ChangeAsync(db => db.Recordings.Where(row => due.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.UploadedAt, now.AddDays(-400)), Ct));
        await house.ScheduleAsync(Ct, disposeAfter: "P1Y");
        return house;
    }
}
