using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Retention.Holds;

/// <summary>Somebody sets a hold in the moment in which the recording is destroyed: one of the two wins, and never both. `infra/soak.sh hold 1000` runs it as often.</summary>
[Trait("Kind", "Hold")]
public sealed class HoldRaceTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Rounds => Environment.GetEnvironmentVariable("VAULT_SOAK_COUNT") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_the_hold_stands_and_every_byte_opens_or_it_was_refused_and_all_is_gone(bool byHand)
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var owner = await holding.Tenant.ClientAsync(Role.Owner, Ct);
        var (held, gone) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var recording = await StoredRecording.PutAsync(vault.Vault, holding.Tenant, 1_000, Ct);
            (await holding.TrashAsync(recording.Path, Ct)).EnsureSuccessStatusCode().Dispose();
            if (!byHand)
            {
                var longAgo = vault.Clock.GetUtcNow().AddDays(-31);
                await holding.View.RowsAsync(db => db.Recordings.Where(row => row.Id == recording.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, longAgo), Ct));
            }

            var pause = TimeSpan.FromMilliseconds(Random.Shared.Next(8));
            var isFirst = round % 2 == 0;
            var destroying = Task.Run(async () =>
            {
                if (!isFirst)
                    await Task.Delay(pause, Ct);
                await (byHand ? DestroyByHandAsync(holding, recording) : DestroyByTimeAsync(holding, recording));
            }, Ct);
            var holdingIt = Task.Run(async () =>
            {
                if (isFirst)
                    await Task.Delay(pause, Ct);
                using var set = await owner.PostAsJsonAsync($"{recording.Path}/holds", new { matter = holding.Matter }, Ct);
                return set.StatusCode;
            }, Ct);
            await Task.WhenAll(destroying, holdingIt);
            // Whatever either of them left to a job is done now, and once more by time.
            await DestroyByTimeAsync(holding, recording);

            if (await holdingIt == HttpStatusCode.OK)
            {
                held++;
                Assert.True(await holding.View.RowsAsync(db => db.Recordings.AnyAsync(row => row.Id == recording.Id && !row.IsBeingDestroyed, Ct)));
                Assert.Equal(1, await holding.View.RowsAsync(db => db.HoldPins.CountAsync(pin => db.KeyWraps.Any(wrap => wrap.Id == pin.WrapId && wrap.OwnerId == recording.Id), Ct)));
                Assert.Equal(recording.Content, await holding.View.ContentAsync(recording.Id));
            }
            else
            {
                gone++;
                Assert.Equal(HttpStatusCode.NotFound, await holdingIt);
                Assert.True(await holding.View.ComesTrueAsync(async db => !await db.Recordings.AnyAsync(row => row.Id == recording.Id, Ct) && !await db.KeyWraps.AnyAsync(wrap => wrap.OwnerId == recording.Id, Ct), TimeSpan.FromSeconds(60)));
                Assert.Empty(await holding.View.ObjectsAsync(recording.Id));
            }
        }

        Assert.Equal(Rounds, held + gone);
        TestContext.Current.SendDiagnosticMessage($"held {held}, gone {gone}");
    }

    private static async Task DestroyByHandAsync(Holding holding, StoredRecording recording)
    {
        using var answer = await holding.Owner.SendJsonAsync(HttpMethod.Post, recording.Path + "/destruction", new { }, Ct);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict });
    }

    /// <summary>In a scope of its own, as a job on another node has it.</summary>
    private static async Task DestroyByTimeAsync(Holding holding, StoredRecording recording)
    {
        await using var scope = holding.Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DestroyAsync(recording.Id, Ct);
    }
}
