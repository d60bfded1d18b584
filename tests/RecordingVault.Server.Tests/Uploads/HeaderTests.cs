using System.Net;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Headers that come twice, empty, or with numbers that are none: refused before anything is made or taken.</summary>
public sealed class HeaderTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Upload-Length", "100", "100")]
    [InlineData("Upload-Length", "")]
    [InlineData("Upload-Length", "+100")]
    [InlineData("Upload-Length", "0x64")]
    [InlineData("Upload-Length", "9223372036854775808")]
    [InlineData("Upload-Defer-Length", "1", "1")]
    [InlineData("Upload-Defer-Length", "true")]
    public async Task A_creation_makes_nothing_of_them(string name, params string[] values)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var request = TusClient.Request(HttpMethod.Post, Tus.Root);
        request.Headers.TryAddWithoutValidation(name, values);

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal("invalid", await TusClient.SlugAsync(answer, 400, Ct));
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
        Assert.Equal((0, 0), await new VaultView(shared.Vault, tenant.Id).RowsAsync(async db => (await db.Uploads.CountAsync(Ct), await db.Recordings.CountAsync(Ct))));
    }

    [Theory]
    [InlineData("Upload-Offset")]
    [InlineData("Upload-Offset", "")]
    [InlineData("Upload-Offset", "0", "0")]
    [InlineData("Upload-Offset", "-0")]
    [InlineData("Upload-Offset", "0.0")]
    [InlineData("Upload-Offset", "9223372036854775808")]
    [InlineData("Upload-Length", "100", "100")]
    [InlineData("Upload-Length", "99")]
    [InlineData("Upload-Length", "9223372036854775808")]
    [InlineData("Upload-Checksum", "")]
    [InlineData("Upload-Checksum", "sha1 GyscHvnJKxIwXnnI0JgUvoSSnFM=", "sha1 GyscHvnJKxIwXnnI0JgUvoSSnFM=")]
    public async Task A_part_takes_nothing_of_them(string name, params string[] values)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(100, Ct);

        using var answer = await tus.PatchAsync(address, 0, Footage.Make(50), Ct, change: request =>
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, values);
        });

        Assert.Equal("invalid", await TusClient.SlugAsync(answer, 400, Ct));
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
        Assert.Empty(await new VaultView(shared.Vault, tenant.Id).ObjectsAsync(recording));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task An_upload_that_never_was_is_404_and_no_answer_is_stored(string method)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var request = TusClient.Request(new HttpMethod(method), $"{Tus.Root}/{Guid.NewGuid()}");
        if (method == "PATCH")
        {
            request.Headers.Add("Upload-Offset", "0");
            request.Content = TusClient.Part([1]);
        }

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
        Assert.False(answer.Headers.Contains("Upload-Offset"));
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_deferred_length_may_be_told_with_no_byte_and_beyond_the_limit_not_at_all()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(null, Ct);

        using var tooLong = await tus.PatchAsync(address, 0, [], Ct, change: request => request.Headers.Add("Upload-Length", "274877906945"));
        using var told = await tus.PatchAsync(address, 0, [], Ct, change: request => request.Headers.Add("Upload-Length", "50000"));
        using var changed = await tus.PatchAsync(address, 0, [], Ct, change: request => request.Headers.Add("Upload-Length", "50001"));
        using var head = await tus.HeadAsync(address, Ct);

        Assert.Equal("upload-too-long", await TusClient.SlugAsync(tooLong, 413, Ct));
        Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
        Assert.True(told.Headers.Contains("Upload-Expires"));
        Assert.Equal("invalid", await TusClient.SlugAsync(changed, 400, Ct));
        Assert.Equal("50000", head.Headers.GetValues("Upload-Length").Single());
        Assert.False(head.Headers.Contains("Upload-Defer-Length"));
    }
}
