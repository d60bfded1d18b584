using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Regrouping.Cutting;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Consent;
using RecordingVault.Server.Tests.Contacts;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;
using static RecordingVault.Server.Tests.Regrouping.Cutting.CuttingVault;

namespace RecordingVault.Server.Tests.Regrouping.Cutting;

/// <summary>Spans are marked, and a copy without them becomes a recording of its own.</summary>
public sealed class CutTests(CuttingVault vault) : IClassFixture<CuttingVault>
{
    private const string Captions = "WEBVTT\n\n00:00.100 --> 00:00.900\nthe harbour plan\n\n00:01.200 --> 00:01.900\nmarigold secret of Ben\n\n00:03.000 --> 00:03.900\nuntil next week\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_marked_is_kept_in_order_and_changes_nothing_of_the_recording()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        var before = await vault.ViewOf(tenant).RecordingAsync(recording.Id);

        await MarkAsync(tenant, recording.Id, Span(2, 3.5, "cut"), Span(0.25, 0.75, "mute"), Span(3, 4, "cut"));
        var edits = await ReadAsync(tenant, $"/api/v1/recordings/{recording.Id}/edits");

        Assert.Equal("""[{"from":0.25,"to":0.75,"kind":"mute"},{"from":2,"to":4,"kind":"cut"}]""", edits.GetProperty("spans").GetRawText());
        Assert.Equal((4.0, 2.0), (edits.GetProperty("durationSeconds").GetDouble(), edits.GetProperty("leftSeconds").GetDouble()));
        Assert.Equal((before!.Version, before.ManifestSequence), ((await vault.ViewOf(tenant).RecordingAsync(recording.Id))!.Version, before.ManifestSequence));
        Assert.True(await tenant.HasEventAsync("recording.spans-marked", recording.Id, Ct));
    }

    [Fact]
    public async Task The_copy_has_all_people_but_who_was_left_out_and_what_they_said_and_the_original_keeps_everything()
    {
        var (tenant, recording, people) = await vault.PutAsync();
        await people.SaidAsync("Ben", "share-external", "refused", Ct);
        await people.SaidAsync("Claire", "share-external", "given", Ct);
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var contact = await new Known(tenant).JoinAsync(Ct, people.People["Claire"]);
        using var asked = await vault.AskInPersonAsync(tenant, recording.Id, "Kick-off, without Ben", [people.People["Ben"]]);
        var begun = await asked.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var (cut, copy) = (begun.GetProperty("id").GetGuid(), begun.GetProperty("into").GetGuid());
        var empty = await ReadAsync(tenant, $"/api/v1/recordings/{copy}");

        await RunAsync(tenant, cut);

        var made = await ReadAsync(tenant, $"/api/v1/recordings/{copy}");
        Assert.Equal(("receiving", "ready", "Kick-off, without Ben"), (empty.GetProperty("state").GetString(), made.GetProperty("state").GetString(), made.GetProperty("title").GetString()));
        Assert.Equal(["Claire"], made.GetProperty("participants").EnumerateArray().Select(person => person.GetProperty("name").GetString()));
        var there = new Ledgered(tenant, copy, new Dictionary<string, Guid>(StringComparer.Ordinal));
        Assert.Equal("given", await there.StatusAsync("Claire", "share-external", Ct));
        Assert.Equal(2, (await new Known(tenant).PeopleAsync(contact, Ct)).Count);
        Assert.Equal(("refused", "given"), (await people.StatusAsync("Ben", "share-external", Ct), await people.StatusAsync("Claire", "share-external", Ct)));
        var told = await NewestAsync(tenant, recording.Id);
        Assert.Equal(("done", 100, copy), (told.GetProperty("state").GetString(), told.GetProperty("percent").GetInt32(), told.GetProperty("into").GetGuid()));
        Assert.InRange(told.GetProperty("workSeconds").GetDouble(), 0, 600);
        foreach (var (type, target) in new[] { ("recording.cut-asked", recording.Id), ("recording.cut", copy), ("recording.created", copy), ("manifest.committed", copy), ("consent.carried", copy) })
            Assert.True(await tenant.HasEventAsync(type, target, Ct), type);
        Assert.Contains((await tenant.EventsAsync(Ct)), line => line.GetProperty("type").GetString() == "recording.cut-asked" && line.GetRawText().Contains("He asked for it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_that_were_said_in_a_span_are_nowhere_in_the_copy()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await vault.AddTextAsync(tenant, recording.Id, ObjectRole.Captions, Captions);
        await vault.AddTextAsync(tenant, recording.Id, ObjectRole.Transcript, Captions);
        await vault.AddTextAsync(tenant, recording.Id, ObjectRole.Chat, "12:01 Ben: marigold in the chat");
        await MarkAsync(tenant, recording.Id, Span(1, 2, "cut"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });

        await RunAsync(tenant, cut);

        var assets = (await vault.ViewOf(tenant).ManifestAsync(copy)).Assets.ToList();
        Assert.Equal([ObjectRole.OriginalSegment, ObjectRole.Captions, ObjectRole.Transcript], assets.Select(asset => asset.Role).Order());
        foreach (var at in Enumerable.Range(0, assets.Count).Where(at => assets[at].Role != ObjectRole.OriginalSegment))
            Assert.Equal("WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nthe harbour plan\n\n00:00:02.000 --> 00:00:02.900\nuntil next week\n", Encoding.UTF8.GetString(await vault.ViewOf(tenant).ContentAsync(copy, at)));
        Assert.Equal(1, (await NewestAsync(tenant, recording.Id)).GetProperty("leftOut").GetInt32());
    }

    [Fact]
    public async Task Tag_and_label_are_as_strict_as_the_original_s_when_the_copy_is_made()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        await TagAsync(tenant, recording.Id, UsageTag.All[0], ConfidentialityLabel.Internal);
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });
        await TagAsync(tenant, recording.Id, UsageTag.NoTdm, ConfidentialityLabel.Confidential);

        await RunAsync(tenant, cut);

        var made = await vault.ViewOf(tenant).RecordingAsync(copy);
        Assert.Equal((UsageTag.NoTdm, ConfidentialityLabel.Confidential), (made!.UsageTag, made.Label));
        Assert.True(await tenant.HasEventAsync("recording.labelled", copy, Ct));
    }

    [Fact]
    public async Task Whoever_asks_for_the_same_again_is_told_of_the_one_that_is_being_made_and_a_run_that_died_is_taken_up()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var first = await CopyAsync(tenant, recording.Id, new { });
        var again = await CopyAsync(tenant, recording.Id, new { });
        // Whoever was at it was killed: its claim is over, and half of its work is lost.
        await vault.ViewOf(tenant).RowsAsync(db => db.RecordingCuts.Where(row => row.Id == first.Cut).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.State, ProcessingState.Running).SetProperty(row => row.Percent, 40).SetProperty(row => row.Tries, 1).SetProperty(row => row.ClaimedUntil, DateTimeOffset.UnixEpoch), Ct));
        await MarkAsync(tenant, recording.Id, Span(2, 3, "mute"));
        Assert.Equal("already-cutting", await RefusedAsync(tenant, recording.Id, new { }, 409));

        await RunAsync(tenant, first.Cut);
        await RunAsync(tenant, first.Cut);

        Assert.Equal(first, again);
        Assert.Equal("""[{"from":1,"to":2,"kind":"mute"}]""", (await NewestAsync(tenant, recording.Id)).GetProperty("spans").GetRawText());
        Assert.Equal(1, (await vault.ViewOf(tenant).RecordingAsync(first.Into))!.ManifestSequence);
    }

    [Fact]
    public async Task A_copy_that_comes_to_nothing_leaves_no_recording_behind_and_the_log_says_why()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });
        (await (await tenant.ClientAsync(Role.Owner, Ct)).DeleteAsync($"/api/v1/recordings/{recording.Id}", Ct)).Dispose();

        // Also where nothing can be made just now: nobody nudges the copy itself.
        await vault.SweepAsync();

        Assert.NotEqual(Guid.Empty, cut);
        Assert.Null(await vault.ViewOf(tenant).RecordingAsync(copy));
        Assert.Empty(await vault.ViewOf(tenant).ObjectsAsync(copy));
        Assert.Equal(("failed", "in-trash"), ((await NewestAsync(tenant, recording.Id)).GetProperty("state").GetString(), (await NewestAsync(tenant, recording.Id)).GetProperty("failure").GetString()));
        Assert.True(await tenant.HasEventAsync("recording.cut-given-up", recording.Id, Ct));
    }

    [Fact]
    public async Task What_was_made_of_a_recording_is_found_after_a_merge_and_past_a_copy_between_that_is_gone()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        var other = await StoredRecording.PutAsync(vault.Vault, tenant, 1_000, Ct);
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });
        await RunAsync(tenant, cut);
        var ofCopy = Guid.CreateVersion7();
        await vault.ViewOf(tenant).RowsAsync(async db =>
        {
            var like = await db.RecordingCuts.AsNoTracking().SingleAsync(row => row.Id == cut, Ct);
            db.RecordingCuts.Add(new RecordingCut { TenantId = tenant.Id, Id = Guid.CreateVersion7(), FromId = copy, ToId = ofCopy, AssetId = like.AssetId, MemberId = like.MemberId, Spans = like.Spans, Without = "", WasRestricted = false, CreatedAt = like.CreatedAt, State = ProcessingState.Done });
            return await db.SaveChangesAsync(Ct);
        });

        await using (var scope = tenant.Enter())
        {
            var rows = scope.ServiceProvider.GetRequiredService<CutRows>();
            await rows.FollowAsync(recording.Id, other.Id, Ct);
            await rows.DeleteAsync(copy, Ct);
        }

        Assert.Equal(ofCopy, (await NewestAsync(tenant, other.Id)).GetProperty("into").GetGuid());
        Assert.Empty((await ReadAsync(tenant, $"/api/v1/recordings/{recording.Id}/edits")).GetProperty("copies").EnumerateArray());
    }

    [Fact]
    public async Task What_can_t_be_copied_is_refused_with_its_reason_and_makes_no_recording()
    {
        var (tenant, recording, people) = await vault.PutAsync();
        var count = await CountAsync(tenant);

        Assert.Equal("no-spans", await RefusedAsync(tenant, recording.Id, new { }, 409));
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        Assert.Equal("invalid", await RefusedAsync(tenant, recording.Id, new { title = "two\nlines" }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, recording.Id, new { without = new[] { Guid.NewGuid() }, reason = "why", confirmed = true }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, recording.Id, new { without = new[] { people.People["Ben"] }, confirmed = true }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, recording.Id, new { without = new[] { people.People["Ben"] }, reason = "why" }, 400));
        Assert.Equal("invalid", await RefusedAsync(tenant, recording.Id, new { without = new[] { people.People["Ben"] }, reason = "why", confirmed = true }, 400));
        Assert.Equal("person-needed", await RefusedAsync(tenant, recording.Id, new { title = "Cut", without = new[] { people.People["Ben"] }, reason = "why", confirmed = true, changedAt = await MarkedAtAsync(tenant, recording.Id) }, 403));
        var seen = await MarkedAtAsync(tenant, recording.Id);
        await MarkAsync(tenant, recording.Id, Span(1, 3, "mute"));
        using var stale = await vault.AskInPersonAsync(tenant, recording.Id, "Cut", [people.People["Ben"]], seen);
        Assert.Equal("spans-changed", await TusClient.SlugAsync(stale, 409, Ct));
        Assert.Equal(count, await CountAsync(tenant));
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_and_a_viewer_marks_and_copies_nothing()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var stranger = await (await TestTenant.CreateAsync(vault.Vault, Ct)).ClientAsync(Role.Owner, Ct);
        var viewer = await tenant.ClientAsync(Role.Viewer, Ct);
        var path = $"/api/v1/recordings/{recording.Id}/edits";

        foreach (var (client, expected) in new[] { (stranger, HttpStatusCode.NotFound), (viewer, HttpStatusCode.Forbidden) })
        {
            Assert.Equal(expected, (await client.GetAsync(path, Ct)).StatusCode);
            Assert.Equal(expected, (await client.GetAsync(path + "/events", Ct)).StatusCode);
            Assert.Equal(expected, (await client.PutAsJsonAsync(path, new { spans = Array.Empty<object>() }, Ct)).StatusCode);
            Assert.Equal(expected, (await client.PostAsJsonAsync(path + "/copies", new { }, Ct)).StatusCode);
        }

        Assert.DoesNotContain("recording.cut-asked", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task What_is_restricted_to_others_is_not_copied_and_the_log_says_who_tried()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        await TagAsync(tenant, recording.Id, UsageTag.NoTdm, ConfidentialityLabel.Restricted);

        using var answer = await (await tenant.ClientAsync(Role.Contributor, Ct)).PostAsJsonAsync($"/api/v1/recordings/{recording.Id}/edits/copies", new { }, Ct);

        Assert.Equal("restricted", await TusClient.SlugAsync(answer, 403, Ct));
        Assert.True(await tenant.HasEventAsync("recording.cut-asked", recording.Id, Ct));
    }

    [Fact]
    public async Task How_far_it_is_is_told_as_it_goes()
    {
        var (tenant, recording, _) = await vault.PutAsync();
        await MarkAsync(tenant, recording.Id, Span(1, 2, "mute"));
        var (cut, copy) = await CopyAsync(tenant, recording.Id, new { });
        await RunAsync(tenant, cut);

        var told = await (await tenant.ClientAsync(Role.Contributor, Ct)).GetStringAsync($"/api/v1/recordings/{recording.Id}/edits/events", Ct);

        Assert.Equal($$"""event: cutting{{"\n"}}data: {"state":"done","percent":100,"failure":null,"into":"{{copy}}"}{{"\n\n"}}""", told);
    }

    private Task<int> TagAsync(TestTenant tenant, Guid id, UsageTag tag, ConfidentialityLabel label) => vault.ViewOf(tenant).RowsAsync(db => db.Recordings.Where(row => row.Id == id).ExecuteUpdateAsync(
        set => set.SetProperty(row => row.UsageTag, tag).SetProperty(row => row.Label, label).SetProperty(row => row.Version, row => row.Version + 1), Ct));

    private Task<int> CountAsync(TestTenant tenant) => vault.ViewOf(tenant).RowsAsync(async db => await db.Recordings.CountAsync(Ct) + await db.KeyWraps.CountAsync(Ct));

    private static async Task<string> RefusedAsync(TestTenant tenant, Guid id, object body, int status)
    {
        using var answer = await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsJsonAsync($"/api/v1/recordings/{id}/edits/copies", body, Ct);
        return await TusClient.SlugAsync(answer, status, Ct);
    }
}
