using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Regrouping;

/// <summary>What does not fit into one recording, who may not ask for it, and what the log tells of either.</summary>
public sealed class MergeLimitsTests(MovingVault vault) : MovingTests(vault)
{
    [Fact]
    public async Task More_people_than_a_recording_may_name_are_refused_and_those_who_join_later_stop_it_whole()
    {
        var (tenant, to, from) = await PairAsync();
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        await PeopleAsync(owner, to.Id, 0, 300);
        await PeopleAsync(owner, from.Id, 250, 251);
        using var refused = await owner.PostAsJsonAsync($"/api/v1/recordings/{to.Id}/merge", new { recording = from.Id }, Ct);
        await PeopleAsync(owner, from.Id, 250, 250);

        var move = await MergeAsync(tenant, to.Id, from.Id);
        await PeopleAsync(owner, from.Id, 250, 251);
        await MovingVault.RunAsync(tenant, move);

        Assert.Equal("too-many-people", await TusClient.SlugAsync(refused, 409, Ct));
        Assert.Equal((MoveState.GivenUp, "too-many-people"), ((await Vault.MoveAsync(tenant, move)).State, (await Vault.MoveAsync(tenant, move)).Reason));
        Assert.Equal([to.Content.Length], await ReadBucketAsync(tenant, to.Id));
        await PeopleAsync(owner, from.Id, 250, 250);
        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));
        Assert.Equal(500, (await ReadAsync(tenant, to.Id)).GetProperty("participants").GetArrayLength());
        var told = await OnlyAsync(tenant, "recording.changed", line => Detail(line, "from") is not null);
        Assert.Equal(($"{from.Id}", "200"), (Detail(told, "from"), Detail(told, "people")));
    }

    [Fact]
    public async Task While_a_merge_is_under_way_an_upload_into_either_finds_only_the_room_that_the_two_leave()
    {
        var (tenant, to, from) = await PairAsync();
        await ViewOf(tenant).RowsAsync(db => db.Recordings.Where(recording => recording.Id == to.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(recording => recording.SizeInBytes, UploadCreation.LargestRecording - from.Content.Length - 500), Ct));
        var move = await MergeAsync(tenant, to.Id, from.Id);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        var answers = new List<string?>();
        foreach (var (id, length) in new[] { (to.Id, 501), (from.Id, 501), (to.Id, 300), (to.Id, 201) })
            answers.Add(await BeginAsync(tus, id, length));
        await MovingVault.RunAsync(tenant, move);

        Assert.Equal(["recording-full", "recording-full", null, "recording-full"], answers);
        Assert.Equal(MoveState.Moved, (await Vault.MoveAsync(tenant, move)).State);
    }

    [Fact]
    public async Task The_log_tells_the_label_before_and_who_asked_for_what_he_may_not()
    {
        var (tenant, to, from) = await PairAsync();
        await LabelAsync(tenant, to.Id, ConfidentialityLabel.Internal);
        await LabelAsync(tenant, from.Id, ConfidentialityLabel.Restricted);
        var contributor = await tenant.ClientAsync(Role.Contributor, Ct);
        var chat = await Vault.AddAsync(tenant, from.Id, ObjectRole.Chat, "we meet at the jetty");

        using var merged = await contributor.PostAsJsonAsync($"/api/v1/recordings/{to.Id}/merge", new { recording = from.Id }, Ct);
        using var split = await contributor.PostAsJsonAsync($"/api/v1/recordings/{from.Id}/split", new { assets = new[] { chat } }, Ct);
        await LabelAsync(tenant, from.Id, ConfidentialityLabel.Confidential);
        await ViewOf(tenant).RowsAsync(db => db.Recordings.Where(recording => recording.Id == to.Id).ExecuteUpdateAsync(set => set.SetProperty(recording => recording.UsageTag, UsageTag.AllowedUse), Ct));
        await Vault.FinishAsync(tenant, await MergeAsync(tenant, to.Id, from.Id));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (merged.StatusCode, split.StatusCode));
        foreach (var type in new[] { "recording.merge-asked", "recording.split-asked" })
            Assert.Equal("restricted", Detail(await OnlyAsync(tenant, type, line => line.GetProperty("outcome").GetString() == "refused"), "reason"));
        var labelled = await OnlyAsync(tenant, "recording.labelled", _ => true);
        Assert.Equal(("confidential", "internal"), (Detail(labelled, "label"), Detail(labelled, "before")));
        var marked = await OnlyAsync(tenant, "recording.tag-tightened", _ => true);
        Assert.Equal(("no-tdm", "allowed"), (Detail(marked, "tag"), Detail(marked, "before")));
    }

    [Theory]
    [InlineData("merge")]
    [InlineData("split")]
    public async Task Whoever_loses_his_role_while_he_asks_moves_nothing(string what)
    {
        var (tenant, to, from) = await PairAsync();
        var chat = await Vault.AddAsync(tenant, to.Id, ObjectRole.Chat, "we meet at the jetty");
        var member = await tenant.AddAsync(Role.Contributor, Ct);
        var client = Vault.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await tenant.TokenAsync(member, Role.Contributor, Ct));

        HttpResponseMessage answer;
        using (DatabaseEvents.WhenTransactionStarted(tenant.Id, db => db.Memberships.Where(row => row.MemberId == member.Id).ExecuteUpdate(set => set.SetProperty(row => row.Role, Role.Viewer))))
        {
            answer = what == "merge"
                ? await client.PostAsJsonAsync($"/api/v1/recordings/{to.Id}/merge", new { recording = from.Id }, Ct)
                : await client.PostAsJsonAsync($"/api/v1/recordings/{to.Id}/split", new { assets = new[] { chat } }, Ct);
        }

        Assert.Equal("forbidden", await TusClient.SlugAsync(answer, 403, Ct));
        answer.Dispose();
        Assert.Equal("forbidden", Detail(await OnlyAsync(tenant, $"recording.{what}-asked", _ => true), "reason"));
        Assert.Equal(0, await ViewOf(tenant).RowsAsync(db => db.RecordingMoves.CountAsync(Ct)));
    }

    private static async Task<JsonElement> OnlyAsync(TestTenant tenant, string type, Func<JsonElement, bool> which) =>
        Assert.Single(await tenant.EventsAsync(Ct), line => line.GetProperty("type").GetString() == type && which(line));

    private static string? Detail(JsonElement line, string name) => line.GetProperty("details").TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<string?> BeginAsync(TusClient tus, Guid recording, int length)
    {
        using var answer = await tus.CreateAsync(length, new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = "late.mp4", ["recording"] = $"{recording}" }, Ct);
        return answer.IsSuccessStatusCode ? null : await TusClient.SlugAsync(answer, (int)answer.StatusCode, Ct);
    }

    private static async Task PeopleAsync(HttpClient owner, Guid id, int first, int count)
    {
        using var changed = await owner.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { participants = Enumerable.Range(first, count).Select(number => new { name = $"Person {number}" }) }, Ct);
        changed.EnsureSuccessStatusCode();
    }
}
