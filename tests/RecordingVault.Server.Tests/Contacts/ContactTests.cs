using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Contacts;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Contacts;

/// <summary>People over recordings: put together by somebody, under a key of their own.</summary>
public sealed class ContactTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_contact_tells_in_which_recordings_somebody_is_and_what_he_said_of_each_use()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (first, ben) = await known.NameAsync("Ben Okafor", "ben@okafor.example", Ct, "Kick-off");
        var (_, again) = await known.NameAsync("B. Okafor", null, Ct, "Review");
        using var said = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{first}/consents", new { participant = ben, purpose = "share-external", status = "refused", method = "mail" }, Ct);

        var id = await known.JoinAsync(Ct, ben, again);

        var contact = await known.ReadAsync($"/{id}", Ct);
        Assert.Equal(("Ben Okafor", "ben@okafor.example", 2), (contact.GetProperty("name").GetString(), contact.GetProperty("email").GetString(), contact.GetProperty("people").GetInt32()));
        var lines = contact.GetProperty("recordings").GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["Review", "Kick-off"], lines.Select(line => line.GetProperty("title").GetString()));
        Assert.Equal(("refused", "unknown"), (lines[1].GetProperty("consents").GetProperty("share-external").GetString(), lines[1].GetProperty("consents").GetProperty("keep").GetString()));
        Assert.Equal(id, (await known.ReadAsync("", Ct)).GetProperty("items")[0].GetProperty("id").GetGuid());
        var types = await known.Tenant.EventTypesAsync(Ct);
        Assert.Contains("contact.created", types);
        Assert.Equal(2, types.Count(type => type == "contact.person-added"));
    }

    [Fact]
    public async Task Lists_go_on_by_their_cursors()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var people = new List<Guid>();
        for (var count = 0; count < 3; count++)
            people.Add((await known.NameAsync($"Ben {count}", null, Ct)).Participant);
        var id = await known.JoinAsync(Ct, [.. people]);
        await known.JoinAsync(Ct, (await known.NameAsync("Zoë", null, Ct)).Participant);

        var first = await known.ReadAsync("?limit=1", Ct);
        var second = await known.ReadAsync($"?limit=1&cursor={first.GetProperty("nextCursor").GetString()}", Ct);
        var page = (await known.ReadAsync($"/{id}?limit=2", Ct)).GetProperty("recordings");
        var rest = (await known.ReadAsync($"/{id}?limit=2&cursor={page.GetProperty("nextCursor").GetString()}", Ct)).GetProperty("recordings");
        using var garbage = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"{Known.Path}/{id}?cursor=garbage", Ct);

        Assert.Equal(("Zoë", "Ben 0"), (first.GetProperty("items")[0].GetProperty("name").GetString(), second.GetProperty("items")[0].GetProperty("name").GetString()));
        Assert.Equal([people[2], people[1], people[0]], page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(one => one.GetProperty("participant").GetGuid()));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextCursor").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, garbage.StatusCode);
    }

    [Fact]
    public async Task Name_and_address_are_sealed_under_a_key_of_its_own_that_goes_with_it()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (recording, ben) = await known.NameAsync("Ben Okafor", "ben@okafor.example", Ct);
        var id = await known.JoinAsync(Ct, ben);
        await using var scope = known.Tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var wrap = await db.KeyWraps.AsNoTracking().SingleAsync(wrap => wrap.OwnerId == id, Ct);
        Assert.Equal((KeyKind.Contact, wrap.Wrap.Length), (wrap.Kind, 176));
        Assert.Equal(wrap.Wrap, await File.ReadAllBytesAsync(Assert.Single(known.KeyObjects(id)), Ct));
        Assert.DoesNotContain("Okafor", Encoding.UTF8.GetString((await db.Contacts.AsNoTracking().SingleAsync(contact => contact.Id == id, Ct)).EmailDigest!), StringComparison.Ordinal);

        using var deleted = await (await known.Tenant.ClientAsync(Role.Contributor, Ct)).DeleteAsync($"{Known.Path}/{id}", Ct);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(known.KeyObjects(id));
        Assert.False(await db.KeyWraps.AnyAsync(wrap => wrap.OwnerId == id, Ct));
        await Assert.ThrowsAsync<KeyDestroyedException>(() => scope.ServiceProvider.GetRequiredService<TenantKeys>().ContactKeyAsync(id, Ct));
        var named = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}/participants", Ct);
        Assert.Equal("Ben Okafor", named.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Contains("contact.deleted", await known.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Somebody_is_of_one_contact_and_can_be_taken_out_and_added_to_another()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (ben, zoe, anna) = ((await known.NameAsync("Ben", null, Ct)).Participant, (await known.NameAsync("Zoë", null, Ct)).Participant, (await known.NameAsync("Anna", null, Ct)).Participant);
        var (one, two) = (await known.JoinAsync(Ct, ben, zoe), await known.JoinAsync(Ct, anna));
        var owner = await known.Tenant.ClientAsync(Role.Owner, Ct);

        using var taken = await known.PostAsync($"/{two}/participants", new { participants = new[] { zoe } }, Ct);
        using var nobody = await known.PostAsync($"/{two}/participants", new { participants = new[] { Guid.NewGuid() } }, Ct);
        Assert.Equal("person-in-contact", await SharedLink.SlugAsync(taken, Ct));
        Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);

        (await owner.DeleteAsync($"/api/v1/participants/{zoe}/contact", Ct)).EnsureSuccessStatusCode();
        (await owner.DeleteAsync($"/api/v1/participants/{zoe}/contact", Ct)).EnsureSuccessStatusCode();
        (await known.PostAsync($"/{two}/participants", new { participants = new[] { zoe } }, Ct)).EnsureSuccessStatusCode();

        Assert.Equal([ben], await known.PeopleAsync(one, Ct));
        Assert.Equal([anna, zoe], await known.PeopleAsync(two, Ct));
        Assert.Single(await known.Tenant.EventTypesAsync(Ct), type => type == "contact.person-removed");
    }

    [Fact]
    public async Task Two_contacts_are_merged_into_one_and_the_other_goes_with_its_key()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (ben, again) = ((await known.NameAsync("Ben", null, Ct)).Participant, (await known.NameAsync("B. Okafor", "ben@okafor.example", Ct)).Participant);
        var (one, two) = (await known.JoinAsync(Ct, ben), await known.JoinAsync(Ct, again));

        using var itself = await known.PostAsync($"/{one}/merge", new { with = one }, Ct);
        using var merged = await known.PostAsync($"/{one}/merge", new { with = two }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, itself.StatusCode);
        var contact = await merged.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal(("Ben", "ben@okafor.example", 2), (contact.GetProperty("name").GetString(), contact.GetProperty("email").GetString(), contact.GetProperty("people").GetInt32()));
        Assert.Empty(known.KeyObjects(two));
        using var gone = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).GetAsync($"{Known.Path}/{two}", Ct);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("contact.merged", await known.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_is_changed_is_found_and_what_it_was_before_is_not()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var id = await known.JoinAsync(Ct, (await known.NameAsync("Ben", null, Ct)).Participant);
        Assert.Equal(id, Assert.Single(await FoundAsync(known, "BEN")));

        using var wrong = await (await known.Tenant.ClientAsync(Role.Owner, Ct)).PatchAsJsonAsync($"{Known.Path}/{id}", new { email = "nothing" }, Ct);
        using var changed = await (await known.Tenant.ClientAsync(Role.Contributor, Ct)).PatchAsJsonAsync($"{Known.Path}/{id}", new { name = "Zoë Okafor", email = "zoe@okafor.example", note = "By phone." }, Ct);

        Assert.Equal("email", (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("field").GetString());
        Assert.Equal("By phone.", (await changed.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("note").GetString());
        Assert.Empty(await FoundAsync(known, "ben"));
        Assert.Equal(id, Assert.Single(await FoundAsync(known, "zoe okafor.example")));
        Assert.Contains("contact.changed", await known.Tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task People_of_one_address_or_one_name_are_suggested_and_put_together_by_nobody()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var ben = (await known.NameAsync("Ben Okafor", "Ben@okafor.example", Ct)).Participant;
        var same = (await known.NameAsync("B. Okafor", "ben@OKAFOR.example", Ct)).Participant;
        var zoe = (await known.NameAsync("Zoë", null, Ct)).Participant;
        var alone = (await known.NameAsync("Anna", null, Ct)).Participant;
        var contact = await known.JoinAsync(Ct, (await known.NameAsync("zoe", null, Ct)).Participant);

        var found = await known.ReadAsync("/suggestions", Ct);

        var groups = found.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, groups.Count);
        Assert.Equal(contact, groups[0].GetProperty("contact").GetProperty("id").GetGuid());
        Assert.Equal([zoe], People(groups[0]));
        Assert.Equal(JsonValueKind.Null, groups[1].GetProperty("contact").ValueKind);
        Assert.Equal([same, ben], People(groups[1]));
        Assert.Equal([alone], found.GetProperty("others").EnumerateArray().Select(one => one.GetProperty("participant").GetGuid()));
        Assert.Single((await known.ReadAsync("", Ct)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_list_of_people_that_is_sent_anew_leaves_them_who_they_are()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (recording, ben) = await known.NameAsync("Ben", "ben@okafor.example", Ct);
        var id = await known.JoinAsync(Ct, ben);
        var owner = await known.Tenant.ClientAsync(Role.Owner, Ct);

        (await owner.PatchAsJsonAsync($"/api/v1/recordings/{recording}", new { participants = new object[] { new { name = "Ben", email = "ben@okafor.example" }, new { name = "Anna" } } }, Ct)).EnsureSuccessStatusCode();
        Assert.Equal([ben], await known.PeopleAsync(id, Ct));
        (await owner.PatchAsJsonAsync($"/api/v1/recordings/{recording}", new { participants = new[] { new { name = "Anna" } } }, Ct)).EnsureSuccessStatusCode();

        Assert.Empty(await known.PeopleAsync(id, Ct));
    }

    [Fact]
    public async Task A_recording_that_is_destroyed_leaves_the_list_and_the_contact_stays()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var (recording, ben) = await known.NameAsync("Ben", null, Ct);
        var id = await known.JoinAsync(Ct, ben);
        (await (await known.Tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/recordings/{recording}", Ct)).EnsureSuccessStatusCode();
        await using var scope = known.Tenant.Enter();
        var destruction = scope.ServiceProvider.GetRequiredService<RecordingDestruction>();

        Assert.True(await destruction.MarkAsync(recording, isByHand: true, Actor.System, Ct));
        await destruction.DestroyAsync(recording, Ct);

        Assert.Empty(await known.PeopleAsync(id, Ct));
        Assert.False(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ContactPeople.AnyAsync(link => link.ParticipantId == ben, Ct));
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_a_viewer_changes_nothing_and_an_auditor_sees_nothing()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var ben = (await known.NameAsync("Ben", null, Ct)).Participant;
        var id = await known.JoinAsync(Ct, ben);
        var other = await Known.MakeAsync(shared.Vault, Ct);
        var theirs = await other.JoinAsync(Ct, (await other.NameAsync("Ben", null, Ct)).Participant);
        var stranger = await other.Tenant.ClientAsync(Role.Owner, Ct);
        var viewer = await known.Tenant.ClientAsync(Role.Viewer, Ct);
        foreach (var (who, expected) in new[] { (stranger, HttpStatusCode.NotFound), (viewer, HttpStatusCode.Forbidden) })
        {
            using var change = await who.PatchAsJsonAsync($"{Known.Path}/{id}", new { name = "X" }, Ct);
            using var add = await who.PostAsJsonAsync($"{Known.Path}/{id}/participants", new { participants = new[] { ben } }, Ct);
            using var merge = await who.PostAsJsonAsync($"{Known.Path}/{id}/merge", new { with = theirs }, Ct);
            using var remove = await who.DeleteAsync($"/api/v1/participants/{ben}/contact", Ct);
            using var delete = await who.DeleteAsync($"{Known.Path}/{id}", Ct);
            Assert.All([change, add, merge, remove, delete], answer => Assert.Equal(expected, answer.StatusCode));
        }

        using var foreign = await stranger.PostAsJsonAsync(Known.Path, new { participants = new[] { ben } }, Ct);
        using var into = await stranger.PostAsJsonAsync($"{Known.Path}/{theirs}/merge", new { with = id }, Ct);
        using var hidden = await stranger.GetAsync($"{Known.Path}/{id}", Ct);
        using var seen = await viewer.GetAsync($"{Known.Path}/{id}", Ct);
        using var auditor = await (await known.Tenant.ClientAsync(Role.Auditor, Ct)).GetAsync($"{Known.Path}/{id}", Ct);
        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.OK, HttpStatusCode.Forbidden],
            new[] { foreign, into, hidden, seen, auditor }.Select(answer => answer.StatusCode));
        Assert.Equal([ben], await known.PeopleAsync(id, Ct));
    }

    [Fact]
    public async Task The_sweep_deletes_old_key_objects_that_no_row_knows_and_nothing_else()
    {
        var known = await Known.MakeAsync(shared.Vault, Ct);
        var kept = await known.JoinAsync(Ct, (await known.NameAsync("Ben", null, Ct)).Participant);
        // As a database that came back without its wraps: the object is the only one that is left.
        var unwrapped = await known.JoinAsync(Ct, (await known.NameAsync("Zoë", null, Ct)).Participant);
        var (old, fresh) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var never = known.Tenant.Enter())
        {
            var keys = never.ServiceProvider.GetRequiredService<TenantKeys>();
            (await keys.NewContactKeyAsync(old, Ct)).Dispose();
            (await keys.NewContactKeyAsync(fresh, Ct)).Dispose();
            await never.ServiceProvider.GetRequiredService<VaultDbContext>().KeyWraps.Where(wrap => wrap.OwnerId == unwrapped).ExecuteDeleteAsync(Ct);
        }

        foreach (var file in known.KeyObjects(old).Concat(known.KeyObjects(kept)).Concat(known.KeyObjects(unwrapped)))
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        await using var scope = known.Tenant.Enter();

        await scope.ServiceProvider.GetRequiredService<ContactKeySweep>().RunAsync(Ct);

        Assert.Equal((0, 1, 1, 1), (known.KeyObjects(old).Length, known.KeyObjects(fresh).Length, known.KeyObjects(kept).Length, known.KeyObjects(unwrapped).Length));
    }

    private static IEnumerable<Guid> People(JsonElement group) => group.GetProperty("people").EnumerateArray().Select(one => one.GetProperty("participant").GetGuid());

    private static async Task<IReadOnlyList<Guid>> FoundAsync(Known known, string words)
    {
        using var found = await known.PostAsync("/search", new { words }, Ct, Role.Viewer);
        return [.. (await found.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetGuid())];
    }
}
