using RecordingVault.Server.Tests.Asking;
using RecordingVault.Server.Tests.Regrouping;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>Who somebody is stays known wherever his recording goes.</summary>
public sealed class CarriedContactTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task After_a_merge_he_is_the_same_contact_in_the_whole()
    {
        var (tenant, to, from) = await PairAsync();
        var known = new Known(tenant);
        var asked = await Asked.OfAsync(from, Ct);
        var id = await known.JoinAsync(Ct, asked.Ben);

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        var lines = (await known.ReadAsync($"/{id}", Ct)).GetProperty("recordings").GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(to.Id, Assert.Single(lines).GetProperty("recording").GetGuid());
    }
}
