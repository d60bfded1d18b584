using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>Quota, length and the cost of small parts.</summary>
public sealed class LimitTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_quota_counts_arriving_bytes_and_keeps_what_fits()
    {
        const int Quota = (2 * Footage.Segment) + 1_000_000;
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Uploads:QuotaPerTenant"] = Quota.ToString(CultureInfo.InvariantCulture) });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(3 * Footage.Segment);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);

        using var answer = await tus.PatchAsync(address, 0, bytes, Ct);
        using var again = await tus.PatchAsync(address, Quota, bytes[Quota..], Ct);
        using var another = await tus.CreateAsync(10, null, Ct);

        Assert.Equal("quota-reached", await TusClient.SlugAsync(answer, 413, Ct));
        Assert.Equal(Quota, await tus.OffsetAsync(address, Ct));
        Assert.Equal("quota-reached", await TusClient.SlugAsync(again, 413, Ct));
        Assert.Equal("quota-reached", await TusClient.SlugAsync(another, 413, Ct));
        Assert.Equal(3, (await new VaultView(vault, tenant.Id).ObjectsAsync(recording)).Count);
        using var ended = await tus.DeleteAsync(address, Ct);
        using var free = await tus.CreateAsync(10, null, Ct);
        Assert.Equal(HttpStatusCode.Created, free.StatusCode);
    }

    [Fact]
    public async Task Parts_that_are_held_back_for_their_checksum_share_one_room()
    {
        const int Quota = (3 * Footage.Segment) + 1_000_000;
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Uploads:QuotaPerTenant"] = Quota.ToString(CultureInfo.InvariantCulture) });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make((2 * Footage.Segment) + 1_000);
        var parts = new List<(SlowPart Part, Task<HttpResponseMessage> Answer)>();
        for (var i = 0; i < 4; i++)
        {
            var (address, _) = await tus.BeginAsync(bytes.Length * 2, Ct);
            var part = new SlowPart(bytes.Length);
            parts.Add((part, tus.PatchAsync(address, 0, part, Ct, TusClient.Sha256(bytes))));
        }

        await Task.WhenAll(parts.Select(async part =>
        {
            // Whoever is refused already takes no more.
            await Task.WhenAny(part.Part.SendAsync(bytes[..^1], Ct), part.Answer);
            part.Part.SendLast(bytes[^1..]);
        }));
        var answers = await Task.WhenAll(parts.Select(part => part.Answer));

        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent), 0, 1);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent))
            Assert.Equal("quota-reached", await TusClient.SlugAsync(refused, 413, Ct));
        Assert.True(await new VaultView(vault, tenant.Id).RowsAsync(db => db.Uploads.SumAsync(upload => upload.ReceivedBytes, Ct)) <= Quota);
        // What was refused gave its claim back.
        using var again = await tus.CreateAsync(bytes.Length, null, Ct, bytes[..1_000_000]);
        Assert.Equal(1_000_000, TusClient.OffsetOf(again));
    }

    [Fact]
    public async Task Many_parts_at_once_use_the_room_up_and_never_pass_it()
    {
        const int Quota = (3 * Footage.Segment) + 1_000_000;
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Uploads:QuotaPerTenant"] = Quota.ToString(CultureInfo.InvariantCulture) });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(2 * Footage.Segment);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            using var created = await tus.CreateAsync(3 * Footage.Segment, null, Ct, bytes);
            Assert.True(created.StatusCode is HttpStatusCode.Created or HttpStatusCode.RequestEntityTooLarge);
        }));

        Assert.Equal(Quota, await new VaultView(vault, tenant.Id).RowsAsync(db => db.Uploads.SumAsync(upload => upload.ReceivedBytes, Ct)));
    }

    [Fact]
    public async Task Where_there_is_much_room_it_is_seldom_measured()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Uploads:QuotaPerTenant"] = $"{1L << 40}" });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(8 * Footage.Segment);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        var sums = 0;

        using (DatabaseEvents.WhenExecuting(tenant.Id, command => sums += command.Contains("SUM(", StringComparison.OrdinalIgnoreCase) ? 1 : 0))
            await tus.AppendAsync(address, 0, bytes, Ct);

        Assert.Equal(2, sums); // uploads and recordings, once
    }

    [Fact]
    public async Task A_creation_that_fits_only_in_part_is_201_with_the_offset_of_what_fits()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Uploads:QuotaPerTenant"] = "10000" });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        using var answer = await tus.CreateAsync(20_000, null, Ct, Footage.Make(20_000));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(10_000, TusClient.OffsetOf(answer));
    }

    [Fact]
    public async Task The_longest_length_holds_for_uploads_of_unknown_length_too()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Uploads:MaxLength"] = "10000" });
        var tenant = await TestTenant.CreateAsync(vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(null, Ct);
        await tus.AppendAsync(address, 0, Footage.Make(9_000), Ct);

        using var tooLong = await tus.CreateAsync(10_001, null, Ct);
        using var told = await tus.PatchAsync(address, 9_000, new byte[1_001], Ct);
        using var untold = await tus.PatchAsync(address, 9_000, new byte[1_001], Ct, change: request => request.Headers.TransferEncodingChunked = true);

        Assert.Equal("upload-too-long", await TusClient.SlugAsync(tooLong, 413, Ct));
        Assert.Equal("upload-too-long", await TusClient.SlugAsync(told, 413, Ct));
        Assert.Equal("upload-too-long", await TusClient.SlugAsync(untold, 413, Ct));
        Assert.Equal(9_000, await tus.OffsetAsync(address, Ct));
    }

    [Fact]
    public async Task After_256_small_parts_only_one_that_announces_all_the_rest_comes_through()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(80_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        await SmallPartsAsync(tenant, 254);
        await tus.AppendAsync(address, 0, bytes[..1], Ct);
        await tus.AppendAsync(address, 1, bytes[1..2], Ct);

        using var small = await tus.PatchAsync(address, 2, bytes[2..3], Ct);
        using var larger = await tus.PatchAsync(address, 2, bytes[2..(2 + 65_536)], Ct);
        using var untold = await tus.PatchAsync(address, 2, bytes[2..], Ct, change: request => request.Headers.TransferEncodingChunked = true);
        await tus.AppendAsync(address, 2, bytes[2..], Ct);

        foreach (var refused in new[] { small, larger, untold })
            Assert.Equal("too-many-small-parts", await TusClient.SlugAsync(refused, 429, Ct));
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task After_512_nothing_more_is_taken()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(80_000);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        await SmallPartsAsync(tenant, 512);

        using var all = await tus.PatchAsync(address, 0, bytes, Ct);
        using var ended = await tus.DeleteAsync(address, Ct);

        Assert.Equal("too-many-small-parts", await TusClient.SlugAsync(all, 429, Ct));
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
    }

    [Fact]
    public async Task A_refused_creation_leaves_no_key_in_the_store()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        for (var i = 0; i < 64; i++)
            await tus.BeginAsync(100, Ct);
        var before = Keys(tenant);

        using var answer = await tus.CreateAsync(100, null, Ct);

        Assert.Equal("too-many-uploads", await TusClient.SlugAsync(answer, 429, Ct));
        Assert.Equal(before, Keys(tenant));
    }

    private static int Keys(TestTenant tenant) =>
        Directory.EnumerateFiles(Path.Combine(tenant.Vault.DataDirectory, "store", "t", $"{tenant.Id}"), "*", SearchOption.AllDirectories).Count(path => path.Contains("/key/", StringComparison.Ordinal));

    private static Task<int> SmallPartsAsync(TestTenant tenant, int count) =>
        new VaultView(tenant.Vault, tenant.Id).RowsAsync(db => db.Uploads.ExecuteUpdateAsync(set => set.SetProperty(upload => upload.SmallPatches, count), Ct));
}
