using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Processing;

/// <summary>The signed fronts of downloads are read again with all else that is stored, and a damaged one is made anew.</summary>
public sealed class FrontVerificationTests : IAsyncLifetime
{
    private TestVault vault = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Scrub:BytesPerSecond"] = "1099511627776", ["Vault:Roles"] = "web" });

    public async ValueTask DisposeAsync() => await vault.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(null)]
    public async Task A_damaged_front_is_told_once_given_up_and_made_anew_and_the_recording_is_whole(int? offset)
    {
        var recording = await SignedAsync();
        var file = await FrontFileAsync(recording);
        if (offset is { } at)
        {
            var bytes = await File.ReadAllBytesAsync(file, Ct);
            bytes[at < 0 ? ^1 : at] ^= 1;
            File.Delete(file);
            await File.WriteAllBytesAsync(file, bytes, Ct);
        }
        else
        {
            File.Delete(file);
        }

        await VerifyAsync(recording);
        await VerifyAsync(recording);
        var left = await FrontsAsync(recording);
        await recording.SignedAsync(Ct);
        await VerifyAsync(recording);
        using var given = await (await recording.Tenant.ClientAsync(Role.Owner, Ct)).GetAsync(recording.Path + "/download", Ct);

        Assert.Empty(left);
        Assert.True(given.IsSuccessStatusCode);
        Assert.Single(await FrontsAsync(recording));
        var types = await recording.Tenant.EventTypesAsync(Ct);
        Assert.Single(types, "recording.front-damaged");
        Assert.DoesNotContain("recording.damaged", types);
    }

    [Fact]
    public async Task A_whole_one_stays_and_one_that_another_tag_outdated_is_not_looked_at()
    {
        var (whole, outdated) = (await SignedAsync(), await SignedAsync());
        await using (var scope = outdated.Tenant.Enter())
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().StoredFronts.ExecuteUpdateAsync(set => set.SetProperty(front => front.Tag, "allowed"), Ct);
        File.Delete(await FrontFileAsync(outdated));

        await VerifyAsync(whole);
        await VerifyAsync(outdated);

        Assert.Single(await FrontsAsync(whole));
        Assert.Single(await FrontsAsync(outdated));
        Assert.DoesNotContain("recording.front-damaged", await whole.Tenant.EventTypesAsync(Ct));
        Assert.DoesNotContain("recording.front-damaged", await outdated.Tenant.EventTypesAsync(Ct));
    }

    private async Task<StoredRecording> SignedAsync() => await (await PackedRecording.PutAsync(await TestTenant.CreateAsync(vault, Ct), Ct)).SignedAsync(Ct);

    private async Task<string> FrontFileAsync(StoredRecording recording) =>
        Directory.EnumerateFiles(vault.DataDirectory, Assert.Single(await FrontsAsync(recording)).ToString(), SearchOption.AllDirectories).Single();

    private static async Task<IReadOnlyList<Guid>> FrontsAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().StoredFronts.Where(front => front.ObjectId != null).Select(front => front.ObjectId!.Value).ToListAsync(Ct);
    }

    private static async Task VerifyAsync(StoredRecording recording)
    {
        await using var scope = recording.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.VerifiedAt, (DateTimeOffset?)null), Ct);
        await ActivatorUtilities.CreateInstance<VerifyRecordingJob>(scope.ServiceProvider).RunAsync(recording.Id, Ct);
    }
}
