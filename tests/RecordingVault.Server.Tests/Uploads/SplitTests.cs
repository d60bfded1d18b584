using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>However a file is cut into parts, it comes out as it went in, in as few segments as it has room for.</summary>
public sealed class SplitTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A length around the borders of segments and chunks, no shorter than the head that says what the file is, and where it is cut.</summary>
    public sealed record Cutting(int Length, IReadOnlyList<int> Cuts);

    public static class Cuttings
    {
        public static Arbitrary<Cutting> Arbitrary()
        {
            var border = Gen.Elements(0, 1, 4_095, 4_096, 65_535, 65_536, 65_537, Footage.Segment - 1, Footage.Segment, Footage.Segment + 1, (2 * Footage.Segment) - 1, 2 * Footage.Segment, (2 * Footage.Segment) + 65_537);
            var length = Gen.OneOf(border, Gen.Choose(1, (2 * Footage.Segment) + 100_000)).Where(bytes => bytes >= 24);
            return length.SelectMany(bytes => Gen.Choose(0, 6).SelectMany(count => Gen.OneOf(border, Gen.Choose(1, bytes)).ListOf(count))
                .Select(cuts => new Cutting(bytes, [.. cuts.Where(cut => cut > 0 && cut < bytes).Distinct().Order()]))).ToArbitrary();
        }
    }

    [Property(Arbitrary = [typeof(Cuttings)], MaxTest = 25)]
    public async Task A_file_in_any_parts_is_the_same_file(Cutting cutting)
    {
        var tenant = await tenants;
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(cutting.Length, cutting.Length);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        var from = 0;

        foreach (var cut in cutting.Cuts.Append(bytes.Length))
        {
            Assert.Equal(cut, await tus.AppendAsync(address, from, bytes[from..cut], Ct));
            from = cut;
        }

        var view = new VaultView(shared.Vault, tenant.Id);
        Assert.Equal(bytes, await view.ContentAsync(recording));
        var manifest = await view.ManifestAsync(recording);
        Assert.Equal((bytes.Length + Footage.Segment - 1) / Footage.Segment, manifest.Assets[0].Segments.Count);
        Assert.Equal(manifest.Assets[0].Segments.Count + 1, (await view.UploadedAsync(recording)).Count);
    }

    private readonly Task<TestTenant> tenants = TestTenant.CreateAsync(shared.Vault, CancellationToken.None);
}
