using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>Of several originals one is meant everywhere: the one whose upload began first.</summary>
public sealed class OriginalTests(SharedVault shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_plays_is_what_the_digest_tells_of_whichever_arrived_first()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (bytes, others) = (Footage.Make(5_000, seed: 1), Footage.Make(7_000, seed: 2));
        var (first, recording) = await tus.BeginAsync(bytes.Length, Ct);
        var (second, _) = await tus.BeginAsync(others.Length, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" });
        await tus.AppendAsync(second, 0, others, Ct);
        await tus.AppendAsync(first, 0, bytes, Ct);

        var digest = await DigestAsync(tus.Http, recording);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digest);
        Assert.Equal(bytes, await tus.Http.GetByteArrayAsync($"/api/v1/recordings/{recording}/content", Ct));
    }

    [Fact]
    public void A_rendition_is_called_one() => Assert.Equal("rendition", ObjectRole.Rendition.ApiName());

    /// <summary>Of the first original, once both are read: the digest of the other would have been there before.</summary>
    private static async Task<string> DigestAsync(HttpClient http, Guid recording)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        while (true)
        {
            var shown = await http.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}", limit.Token);
            if (shown.GetProperty("contentSha256").GetString() is { } digest && shown.GetProperty("assets").GetArrayLength() == 2)
                return digest;
            await Task.Delay(20, limit.Token);
        }
    }
}
