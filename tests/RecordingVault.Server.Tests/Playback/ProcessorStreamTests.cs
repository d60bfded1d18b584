using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>One token may fetch for several processors at once: each stream stands for its own.</summary>
public sealed class ProcessorStreamTests(ClockedVault vault) : PlayingTests(vault)
{
    [Fact]
    public async Task Of_two_processors_on_one_token_the_one_that_is_taken_back_gets_nothing_more_and_the_other_all()
    {
        var recording = await PutAsync();
        await using (var scope = Tenant.Enter())
        {
            await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Tenants.ExecuteUpdateAsync(set => set.SetProperty(row => row.UsesNeedingConsent, ""), Cancel);
            await ActivatorUtilities.CreateInstance<MarksJob>(scope.ServiceProvider).RunAsync(recording.Id, Cancel);
        }

        var (stays, goes) = (await PlantedProcessor.AddAsync(Tenant, Guid.CreateVersion7(), Cancel), await PlantedProcessor.AddAsync(Tenant, Guid.CreateVersion7(), Cancel));
        var token = await ScribesTokenAsync();
        // Whichever of them the watch looks at first.
        await using var first = await FetchAsync(recording, stays, token);
        await using var taken = await FetchAsync(recording, goes, token);
        await using var last = await FetchAsync(recording, stays, token);
        await Vault.PassAsync(1, Cancel);
        Assert.Equal(3, Running);

        using var answer = await (await Tenant.ClientAsync(Role.Owner, Cancel)).DeleteAsync($"/api/v1/tenant/processors/{goes}", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await Vault.PassAsync(2, Cancel);

        Assert.True(await taken.ReadUntilCutAsync(Cancel));
        Assert.True(taken.Received < FilmLength);
        Assert.False(await first.ReadUntilCutAsync(Cancel));
        Assert.False(await last.ReadUntilCutAsync(Cancel));
    }

    private async Task<string> ScribesTokenAsync()
    {
        await using var scope = Tenant.Enter();
        var made = await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("scribes", Tenant.Owner.Id, Role.Owner, 30) { Purposes = ["download", "transcribe"] }, Actor.System, Cancel);
        return made!.Value.Text.Show();
    }

    private async Task<SlowReader> FetchAsync(StoredRecording recording, Guid processor, string token)
    {
        var reader = await SlowReader.GetAsync(Vault.Vault.Address, $"{recording.Path}/download?purpose=transcribe&processor={processor}", "Authorization: Bearer " + token, Cancel);
        Assert.Equal((200, FilmLength), (reader.Status, reader.ContentLength));
        await reader.ReadAsync(Beginning, Cancel);
        return reader;
    }
}
