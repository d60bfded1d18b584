using System.Net;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Playback;

/// <summary>Later requests of the same asker join his open release, and each is checked all the same.</summary>
public sealed class OpenReleaseTests(ClockedVault vault) : PlayingTests(vault)
{
    [Fact]
    public async Task Ranges_of_one_seek_are_one_release_and_a_revocation_ends_it_with_the_next()
    {
        var recording = await StoredRecording.PutAsync(Vault.Vault, Tenant, 200_000, Cancel);
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);
        for (var from = 0; from < 200_000; from += 50_000)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, recording.Path + "/content");
            request.Headers.Range = new(from, from + 999);
            using var part = await owner.SendAsync(request, Cancel);
            Assert.Equal(recording.Leaves[from..(from + 1_000)], await part.Content.ReadAsByteArrayAsync(Cancel));
        }

        Assert.Equal(1, await ReleasesAsync(recording));
        await RevokeTokensAsync();

        using var after = await owner.GetAsync(recording.Path + "/content", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task What_another_node_revoked_is_refused_here_within_the_second()
    {
        var recording = await StoredRecording.PutAsync(Vault.Vault, Tenant, 1_000, Cancel);
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        await Vault.PassAsync(1, Cancel);

        await Vault.SqlAsync("UPDATE api_tokens SET revoked_at = expires_at", Cancel);
        await Vault.SqlAsync("UPDATE tenants SET revocations = revocations + 1", Cancel);
        await Vault.PassAsync(1, Cancel);

        using var after = await owner.GetAsync(recording.Path + "/content", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task One_token_holds_no_more_than_its_share_of_streams()
    {
        var recording = await PutAsync();
        var token = await Tenant.TokenAsync(Tenant.Owner, Role.Owner, Cancel);
        var readers = new List<SlowReader>();
        for (var i = 0; i < 32; i++)
            readers.Add(await ReadAsync(recording, token));

        using var client = Vault.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var tooMany = await client.GetAsync(recording.Path + "/content", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        Assert.Contains("/problems/too-many-streams", await tooMany.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await (await ReadAsync(recording)).DisposeAsync();

        foreach (var reader in readers)
            await reader.DisposeAsync();
        await ClockedVault.UntilAsync(() => Running == 0, Cancel);
        using var again = await client.GetAsync(recording.Path + "/content", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_release_is_joined_for_ten_minutes_and_then_another_one_is_opened()
    {
        var recording = await StoredRecording.PutAsync(Vault.Vault, Tenant, 1_000, Cancel);
        var owner = await Tenant.ClientAsync(Role.Owner, Cancel);

        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        Vault.Clock.Advance(TimeSpan.FromMinutes(9));
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        await Vault.PassAsync(11, Cancel);
        Vault.Clock.Advance(TimeSpan.FromMinutes(9));
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();
        await Vault.PassAsync(11, Cancel);
        Assert.Equal(1, await ReleasesAsync(recording));

        Vault.Clock.Advance(TimeSpan.FromMinutes(11));
        (await owner.GetAsync(recording.Path + "/content", Cancel)).Dispose();

        Assert.Equal(2, await ReleasesAsync(recording));
    }
}
