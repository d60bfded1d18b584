using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Consent;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Retention.Holds;

/// <summary>Every way by which bytes or keys of a recording could go, tried on one that is held.</summary>
public sealed class HeldRecordingTests(ClockedVault vault) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_itself_refuses_to_delete_its_wrapped_key()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var hold = await holding.HoldAsync(Ct);

        await Assert.ThrowsAnyAsync<DbException>(() => DeleteWrapsAsync(holding));
        await holding.AssertWholeAsync(Ct);
        (await holding.LiftAsync(hold, Ct)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(1, await DeleteWrapsAsync(holding));
    }

    [Fact]
    public async Task A_key_object_that_is_missing_is_put_anew_when_it_is_held()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var wrap = await holding.View.RowsAsync(db => db.KeyWraps.AsNoTracking().SingleAsync(row => row.OwnerId == holding.Recording.Id, Ct));
        var parsed = WrappedKey.Parse(wrap.Wrap);
        await holding.View.Store.DeleteKeyAsync(parsed, Ct);
        Assert.False(await holding.View.Store.HasKeyAsync(parsed, Ct));

        await holding.HoldAsync(Ct);

        Assert.True(await holding.View.Store.HasKeyAsync(parsed, Ct));
    }

    [Fact]
    public async Task It_goes_to_the_trash_by_nobodys_hand()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var free = await StoredRecording.PutAsync(vault.Vault, holding.Tenant, 1_000, Ct);
        await holding.HoldAsync(Ct);

        using var script = await holding.TrashAsync(Ct);
        using var form = await holding.Owner.PostFormAsync($"/recordings/{holding.Recording.Id}/trash", [], Ct, "/");
        using var bulk = await holding.Owner.PostFormAsync("/recordings/chosen/trash", [("recording", $"{free.Id}"), ("recording", $"{holding.Recording.Id}")], Ct, "/");
        var page = await bulk.Content.ReadAsStringAsync(Ct);

        Assert.Equal(("on-hold", HttpStatusCode.Conflict, HttpStatusCode.Conflict), (await SharedLink.SlugAsync(script, Ct), form.StatusCode, bulk.StatusCode));
        Assert.Contains("It cannot be deleted: matter Smith v. Jones holds it since", page, StringComparison.Ordinal);
        Assert.Equal(0, await holding.View.RowsAsync(db => db.Recordings.CountAsync(row => row.TrashedAt != null, Ct)));
        await holding.AssertWholeAsync(Ct);
    }

    [Fact]
    public async Task What_lies_in_the_trash_already_waits_there_and_is_destroyed_neither_by_hand_nor_by_time()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        (await holding.TrashAsync(Ct)).EnsureSuccessStatusCode().Dispose();
        var hold = await holding.HoldAsync(Ct);

        using var byHand = await holding.Owner.SendJsonAsync(HttpMethod.Post, holding.Recording.Path + "/destruction", new { }, Ct);
        var longAgo = vault.Clock.GetUtcNow().AddDays(-40);
        await holding.View.RowsAsync(db => db.Recordings.ExecuteUpdateAsync(set => set.SetProperty(row => row.TrashedAt, longAgo), Ct));
        await DestroyAsync(holding);
        using var trash = await holding.Owner.GetAsync("/trash", Ct);
        var page = await trash.Content.ReadAsStringAsync(Ct);
        await holding.AssertWholeAsync(Ct);
        (await holding.LiftAsync(hold, Ct)).EnsureSuccessStatusCode().Dispose();
        await DestroyAsync(holding);
        await holding.AssertWholeAsync(Ct);
        // Whoever lifted the wrong one has a week.
        vault.Clock.Advance(TimeSpan.FromDays(7));
        await DestroyAsync(holding);

        Assert.Equal("on-hold", await SharedLink.SlugAsync(byHand, Ct));
        Assert.Contains("On hold. It cannot be deleted: matter Smith v. Jones holds it since", page, StringComparison.Ordinal);
        Assert.Null(await holding.View.RecordingAsync(holding.Recording.Id));
        Assert.Equal((0, 0), (await holding.View.RowsAsync(db => db.LegalHolds.CountAsync(Ct)), await holding.View.RowsAsync(db => db.KeyWraps.CountAsync(wrap => wrap.OwnerId == holding.Recording.Id, Ct))));
    }

    [Fact]
    public async Task No_file_moves_out_of_it()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var other = await StoredRecording.PutAsync(vault.Vault, holding.Tenant, 1_000, Ct);
        var owner = await holding.Tenant.ClientAsync(Role.Owner, Ct);
        await holding.HoldAsync(Ct);

        using var merged = await owner.PostAsJsonAsync($"{other.Path}/merge", new { recording = holding.Recording.Id }, Ct);
        using var split = await owner.PostAsJsonAsync($"{holding.Recording.Path}/split", new { assets = new[] { holding.Recording.Asset.Id } }, Ct);

        Assert.Equal(("on-hold", "on-hold"), (await SharedLink.SlugAsync(merged, Ct), await SharedLink.SlugAsync(split, Ct)));
        await holding.AssertWholeAsync(Ct);
    }

    [Fact]
    public async Task Nobody_is_taken_off_and_title_and_label_change()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var owner = await holding.Tenant.ClientAsync(Role.Owner, Ct);
        (await owner.PatchAsJsonAsync(holding.Recording.Path, new { participants = new[] { new { name = "Ben" }, new { name = "Zoe" } } }, Ct)).EnsureSuccessStatusCode().Dispose();
        await holding.HoldAsync(Ct);
        var people = (await owner.GetFromJsonAsync<JsonElement>(holding.Recording.Path, Ct)).GetProperty("participants").EnumerateArray().Select(person => person.GetProperty("id").GetGuid()).ToList();

        using var fewer = await owner.PatchAsJsonAsync(holding.Recording.Path, new { participants = new[] { new { name = "Ben" } } }, Ct);
        using var removed = await owner.DeleteAsync($"/api/v1/participants/{people[0]}", Ct);
        using var more = await owner.PatchAsJsonAsync(holding.Recording.Path, new { title = "New", participants = new[] { new { name = "Ben" }, new { name = "Zoe" }, new { name = "Ann" } } }, Ct);
        using var label = await owner.PutAsJsonAsync($"{holding.Recording.Path}/label", new { label = "restricted" }, Ct);
        var after = await more.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(("on-hold", "on-hold"), (await SharedLink.SlugAsync(fewer, Ct), await SharedLink.SlugAsync(removed, Ct)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (more.StatusCode, label.StatusCode));
        Assert.Equal(3, after.GetProperty("participants").GetArrayLength());
        Assert.Subset(after.GetProperty("participants").EnumerateArray().Select(person => person.GetProperty("id").GetGuid()).ToHashSet(), people.ToHashSet());
    }

    [Fact]
    public async Task What_shows_a_word_of_it_stays_and_so_does_the_entry_of_somebody_in_it()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var owner = await holding.Tenant.ClientAsync(Role.Owner, Ct);
        var evidence = await PlantedEvidence.AddAsync(holding.Tenant, await PlantedEvidence.SpokenAsync(holding.Tenant, holding.Recording.Id, Ct), Guid.CreateVersion7(), Ct);
        var person = (await owner.GetFromJsonAsync<JsonElement>(holding.Recording.Path, Ct)).GetProperty("participants")[0].GetProperty("id").GetGuid();
        using var made = await owner.PostAsJsonAsync("/api/v1/contacts", new { participants = new[] { person } }, Ct);
        var contact = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        var hold = await holding.HoldAsync(Ct);

        using var destroyed = await owner.DeleteAsync($"/api/v1/consent-evidence/{evidence}", Ct);
        using var deleted = await owner.DeleteAsync($"/api/v1/contacts/{contact}", Ct);
        (await holding.LiftAsync(hold, Ct)).EnsureSuccessStatusCode().Dispose();
        using var later = await owner.DeleteAsync($"/api/v1/consent-evidence/{evidence}", Ct);

        Assert.Equal(("on-hold", "on-hold", HttpStatusCode.NoContent), (await SharedLink.SlugAsync(destroyed, Ct), await SharedLink.SlugAsync(deleted, Ct), later.StatusCode));
    }

    [Fact]
    public async Task An_upload_into_it_is_not_given_up()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var tus = await TusClient.OfAsync(holding.Tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(100_000, Ct);
        await tus.AppendAsync(address, 0, Footage.Make(50_000), Ct);
        var hold = await holding.HoldAsync(Ct, recording);

        using var ended = await tus.DeleteAsync(address, Ct);
        var isThere = await holding.View.RecordingAsync(recording) is not null;
        (await holding.Owner.SendJsonAsync(HttpMethod.Delete, $"/api/v1/recordings/{recording}/holds/{hold}", new { reason = "Over." }, Ct)).EnsureSuccessStatusCode().Dispose();
        using var later = await tus.DeleteAsync(address, Ct);

        Assert.Equal(("on-hold", true, HttpStatusCode.NoContent), (await SharedLink.SlugAsync(ended, Ct), isThere, later.StatusCode));
    }

    [Fact]
    public async Task Pages_say_what_holds_it_and_hold_several_at_once()
    {
        using var holding = await Holding.MakeAsync(vault.Vault, Ct);
        var other = await StoredRecording.PutAsync(vault.Vault, holding.Tenant, 1_000, Ct);
        (string, string)[] both = [("recording", $"{holding.Recording.Id}"), ("recording", $"{other.Id}")];

        using var asked = await holding.Owner.PostFormAsync("/recordings/chosen/hold", both, Ct, "/");
        using var without = await holding.Owner.PostFormAsync("/recordings/chosen/holds", both, Ct, "/");
        using var set = await holding.Owner.PostFormAsync("/recordings/chosen/holds", [.. both, ("matter", $"{holding.Matter}"), ("reason", "Both")], Ct, "/");
        var recording = await ReadAsync(holding, $"/recordings/{other.Id}");
        var matter = await ReadAsync(holding, $"/matters/{holding.Matter}");
        var matters = await ReadAsync(holding, "/matters");
        var hold = await ReadAsync(holding, $"/recordings/{other.Id}/hold");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, $"/matters/{holding.Matter}"), (asked.StatusCode, without.StatusCode, set.Headers.Location?.OriginalString));
        Assert.Contains("On hold: Matter", recording, StringComparison.Ordinal);
        Assert.DoesNotContain("Move to the trash", recording, StringComparison.Ordinal);
        Assert.Contains("It holds 2 recordings.", matter, StringComparison.Ordinal);
        Assert.Contains("Smith v. Jones", matters, StringComparison.Ordinal);
        Assert.Contains("Lift this hold", hold, StringComparison.Ordinal);
        Assert.Equal(2, (await holding.Tenant.EventTypesAsync(Ct)).Count(type => type == "hold.set"));
    }

    private static async Task<string> ReadAsync(Holding holding, string path)
    {
        using var answer = await holding.Owner.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
    }

    private static Task<int> DeleteWrapsAsync(Holding holding) =>
        holding.View.RowsAsync(db => db.KeyWraps.Where(wrap => wrap.OwnerId == holding.Recording.Id).ExecuteDeleteAsync(Ct));

    private static async Task DestroyAsync(Holding holding)
    {
        await using var scope = holding.Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<RecordingDestruction>().DestroyAsync(holding.Recording.Id, Ct);
    }
}
