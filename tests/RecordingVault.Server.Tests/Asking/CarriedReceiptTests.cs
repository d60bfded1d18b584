using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Regrouping;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>Whoever holds a receipt takes back wherever his recording went.</summary>
public sealed class CarriedReceiptTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task After_a_merge_the_receipt_takes_back_in_the_whole_and_the_question_is_over()
    {
        var (tenant, to, from) = await PairAsync();
        var asked = await Asked.OfAsync(from, Ct, new { note = "Thanks.", mayWatch = true });
        var receipt = await asked.AnswerAsync(Ct, "keep", "share-external");

        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        Assert.Equal("given", (await SaidAsync(tenant, to.Id))["share-external"]);
        using var browser = await Asked.OpenedAsync(Vault.Vault, receipt.Id, receipt.Secret, Ct);
        SignedDocument.Verify(await (await browser.GetAsync($"{Asked.Page}{receipt.Id}/receipt", Ct)).Content.ReadAsByteArrayAsync(Ct));
        using var back = await Asked.AnswerAsync(browser, receipt.Id, Ct, "keep");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        var said = await SaidAsync(tenant, to.Id);
        Assert.Equal(("given", "withdrawn"), (said["keep"], said["share-external"]));
        using var stranger = new TestBrowser(Vault.Vault);
        using var opened = await stranger.SendJsonAsync(HttpMethod.Post, asked.Path + "/open", new { secret = asked.Secret }, Ct, page: asked.Path);
        Assert.Equal("link-stopped", await SharedLink.SlugAsync(opened, Ct));
    }

    [Fact]
    public async Task After_a_split_what_is_taken_back_of_one_part_is_taken_back_of_the_other()
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Ct);
        var recording = await Vault.PutAsync(tenant, 50_000);
        var chat = await Vault.AddAsync(tenant, recording.Id, ObjectRole.Chat, "hello");
        Vault.CatchUp();
        var asked = await Asked.OfAsync(recording, Ct);
        var receipt = await asked.AnswerAsync(Ct, "keep", "share-external");
        var (move, part) = await SplitAsync(tenant, recording.Id, chat);
        await Vault.FinishAsync(tenant, move);
        Assert.Equal("given", (await SaidAsync(tenant, part))["share-external"]);

        using var browser = await Asked.OpenedAsync(Vault.Vault, receipt.Id, receipt.Secret, Ct);
        (await Asked.AnswerAsync(browser, receipt.Id, Ct, "keep")).Dispose();

        foreach (var id in new[] { recording.Id, part })
        {
            var said = await SaidAsync(tenant, id);
            Assert.Equal(("given", "withdrawn"), (said["keep"], said["share-external"]));
        }
    }

    [Fact]
    public async Task A_first_no_to_what_was_asked_before_a_split_counts_in_the_part_too()
    {
        var tenant = await TestTenant.CreateAsync(Vault.Vault, Ct);
        var recording = await Vault.PutAsync(tenant, 50_000);
        var chat = await Vault.AddAsync(tenant, recording.Id, ObjectRole.Chat, "hello");
        Vault.CatchUp();
        var asked = await Asked.OfAsync(recording, Ct);
        var (move, part) = await SplitAsync(tenant, recording.Id, chat);
        await Vault.FinishAsync(tenant, move);

        await asked.AnswerAsync(Ct, "keep");

        Assert.Equal(("refused", "refused"), ((await SaidAsync(tenant, recording.Id))["share-external"], (await SaidAsync(tenant, part))["share-external"]));
    }

    /// <summary>What counts of Ben.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> SaidAsync(TestTenant tenant, Guid recordingId)
    {
        var people = await (await tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recordingId}/participants", Ct);
        return people.GetProperty("items").EnumerateArray().Single(person => person.GetProperty("name").GetString() == "Ben Okafor").GetProperty("consents").EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal);
    }
}
