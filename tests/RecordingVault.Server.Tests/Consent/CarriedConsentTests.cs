using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Regrouping;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>What people said goes along with files that move into another recording, and never becomes more than they said.</summary>
public sealed class CarriedConsentTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task A_merge_keeps_what_was_given_in_both_and_every_objection()
    {
        var (tenant, to, from) = await PairAsync();
        var there = await Ledgered.MakeAsync(tenant, to.Id, Ct, "Ben", "Zoë");
        var comes = await Ledgered.MakeAsync(tenant, from.Id, Ct, "Ben", "Claire");
        await there.SaidAsync("Ben", "keep", "given", Ct);
        await there.SaidAsync("Ben", "share-external", "given", Ct);
        await there.SaidAsync("Ben", "ai-inference", "given", Ct);
        await there.SaidAsync("Zoë", "keep", "given", Ct);
        await comes.SaidAsync("Ben", "keep", "given", Ct);
        await comes.SaidAsync("Ben", "share-external", "refused", Ct);
        await comes.SaidAsync("Claire", "keep", "given", Ct);
        await comes.SaidAsync("Claire", "ai-training", "withdrawn", Ct);

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        Assert.Equal(
            ("given", "refused", "expired", "given", "given", "withdrawn"),
            (await there.StatusAsync("Ben", "keep", Ct), await there.StatusAsync("Ben", "share-external", Ct), await there.StatusAsync("Ben", "ai-inference", Ct), await there.StatusAsync("Zoë", "keep", Ct), await there.StatusAsync("Claire", "keep", Ct), await there.StatusAsync("Claire", "ai-training", Ct)));
        Assert.Equal(4, (await there.RecordsAsync(Ct)).Count(record => record.GetProperty("method").GetString() == "carried"));
        Assert.True(await tenant.HasEventAsync("consent.carried", to.Id, Ct));
    }

    [Fact]
    public async Task Evidence_shows_from_then_on_what_carries_on_what_was_said()
    {
        var (tenant, to, from) = await PairAsync();
        var there = await Ledgered.MakeAsync(tenant, to.Id, Ct, "Ben");
        var comes = await Ledgered.MakeAsync(tenant, from.Id, Ct, "Ben", "Claire");
        await there.SaidAsync("Ben", "keep", "given", Ct);
        await comes.SaidAsync("Ben", "keep", "given", Ct);
        await comes.SaidAsync("Claire", "keep", "given", Ct);
        await comes.SaidAsync("Claire", "ai-training", "refused", Ct);
        var said = (await comes.RecordsAsync(Ct)).ToDictionary(record => $"{record.GetProperty("participant").GetGuid()} {record.GetProperty("purpose").GetString()}", record => record.GetProperty("id").GetGuid(), StringComparer.Ordinal);
        var bens = await PlantedEvidence.AddAsync(tenant, said[$"{comes.People["Ben"]} keep"], Guid.CreateVersion7(), Ct);
        var claires = await PlantedEvidence.AddAsync(tenant, said[$"{comes.People["Claire"]} keep"], Guid.CreateVersion7(), Ct);

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        var listed = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>(there.Path + "/consent-evidence", Ct);
        var counting = (await there.RecordsAsync(Ct)).ToDictionary(record => record.GetProperty("id").GetGuid(), record => record.GetProperty("purpose").GetString());
        Assert.Equal(new[] { bens, claires }.Order(), listed.GetProperty("items").EnumerateArray().Select(file => file.GetProperty("id").GetGuid()).Order());
        Assert.All(listed.GetProperty("items").EnumerateArray(), file => Assert.Equal("keep", Assert.Single(file.GetProperty("records").EnumerateArray().Select(id => counting.GetValueOrDefault(id.GetGuid())).OfType<string>())));
    }
}
