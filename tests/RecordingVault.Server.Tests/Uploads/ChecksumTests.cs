using System.Net;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>A part with a checksum counts only after it agrees.</summary>
public sealed class ChecksumTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parts_whose_checksum_agrees_make_the_file(bool sha256)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make((2 * Footage.Segment) + 5_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        var cut = Footage.Segment + 77_777;

        foreach (var (offset, part) in new[] { (0, bytes[..cut]), (cut, bytes[cut..]) })
        {
            using var answer = await tus.PatchAsync(address, offset, part, Ct, sha256 ? TusClient.Sha256(part) : TusClient.Sha1(part));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task A_part_whose_checksum_differs_is_460_and_not_a_byte_of_it_counts()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make((2 * Footage.Segment) + 5_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        await tus.AppendAsync(address, 0, bytes[..1_000], Ct);
        var view = new VaultView(shared.Vault, tenant.Id);
        var before = await view.ObjectsAsync(recording);

        using var middle = await tus.PatchAsync(address, 1_000, bytes[1_000..(Footage.Segment + 9)], Ct, TusClient.Sha1([1]));
        using var last = await tus.PatchAsync(address, 1_000, bytes[1_000..], Ct, TusClient.Sha1([1]));

        Assert.Equal("checksum-mismatch", await TusClient.SlugAsync(middle, 460, Ct));
        Assert.Equal("checksum-mismatch", await TusClient.SlugAsync(last, 460, Ct));
        Assert.Equal(1_000, await tus.OffsetAsync(address, Ct));
        Assert.Equal(before, await view.ObjectsAsync(recording));
        await tus.AppendAsync(address, 1_000, bytes[1_000..], Ct);
        Assert.Equal(bytes, await view.ContentAsync(recording));
    }

    [Theory]
    [InlineData("md5 1B2M2Y8AsgTpgAmY7PhCfg==")]
    [InlineData("sha1")]
    [InlineData("sha1 AAAA")]
    [InlineData("sha1 ###")]
    public async Task A_checksum_that_can_not_be_checked_is_400(string checksum)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100, Ct);

        using var answer = await tus.PatchAsync(address, 0, Footage.Make(100), Ct, checksum);

        Assert.Equal("invalid", await TusClient.SlugAsync(answer, 400, Ct));
        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
    }

    [Fact]
    public async Task A_creation_whose_bytes_do_not_agree_leaves_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(10_000);

        using var answer = await tus.CreateAsync(bytes.Length, null, Ct, bytes, TusClient.Sha1([1]));

        Assert.Equal("checksum-mismatch", await TusClient.SlugAsync(answer, 460, Ct));
        Assert.Equal(0, await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.CountAsync(db.Recordings, Ct)));
    }
}
