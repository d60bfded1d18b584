using System.Net;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Playback;

public sealed class DamageTests(SharedVault shared)
{
    private const int Length = 4 * StoredRecording.SegmentLength;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damage_at_the_beginning_is_answered_with_a_problem_and_told()
    {
        var recording = await PutAsync();
        Flip(recording.SegmentFile(0), 200);
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);

        using var answer = await owner.GetAsync(recording.Path + "/content", Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("/problems/damaged", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(await recording.Tenant.HasEventAsync("content.damaged", recording.Id, Cancel));
    }

    [Fact]
    public async Task Damage_behind_the_beginning_cuts_the_stream_after_the_last_right_byte()
    {
        var recording = await PutAsync();
        Flip(recording.SegmentFile(2), 200);
        await using var reader = await SlowReader.GetAsync(shared.Vault.Address, recording.Path + "/content", "Authorization: Bearer " + await recording.Tenant.TokenAsync(recording.Tenant.Owner, Role.Owner, Cancel), Cancel);

        Assert.True(await reader.ReadUntilCutAsync(Cancel));

        Assert.InRange(reader.Received, 0, 2 * StoredRecording.SegmentLength);
        Assert.True(await recording.Tenant.HasEventAsync("content.damaged", recording.Id, Cancel));
    }

    [Fact]
    public async Task A_range_before_the_damage_is_whole()
    {
        var recording = await PutAsync();
        File.Delete(recording.SegmentFile(3));
        var owner = await recording.Tenant.ClientAsync(Role.Owner, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, recording.Path + "/content");
        request.Headers.TryAddWithoutValidation("Range", $"bytes=10-{(3 * StoredRecording.SegmentLength) - 1}");

        using var answer = await owner.SendAsync(request, Cancel);

        Assert.Equal(recording.Leaves[10..(3 * StoredRecording.SegmentLength)], await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    private static void Flip(string path, int offset)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 1;
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    private async Task<StoredRecording> PutAsync() => await StoredRecording.PutLeavingAsync(shared.Vault, await TestTenant.CreateAsync(shared.Vault, Cancel), Length, Cancel);
}
