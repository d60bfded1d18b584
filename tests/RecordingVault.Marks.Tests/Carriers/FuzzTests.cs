using System.Globalization;
using RecordingVault.Marks.Tests.Harness;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>Files of every kind, changed at random, into every reader: some in CI, as many as wanted by `infra/soak.sh fuzz COUNT`. An exception, a mark that is not ours, a large allocation, or a test that never ends is a finding.</summary>
[Trait("Kind", "Fuzz")]
public sealed class FuzzTests(OutsideReaders readers)
{
    private const int CountInCi = 50_000;

    // Of all readers and writers together, for files of some tens of kilobytes; other tests run beside it.
    private const long LargestAllocation = 256L << 20;

    private static int Count =>
        int.Parse(Environment.GetEnvironmentVariable("VAULT_SOAK_COUNT") ?? CountInCi.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [Fact]
    public async Task Whatever_was_changed_every_reader_comes_back()
    {
        var ct = TestContext.Current.CancellationToken;
        var files = await Corpus.MakeAsync(readers, ct);
        for (var seed = 0; seed < Count; seed++)
        {
            var random = new Random(seed);
            var changed = Corpus.Mutate(files[random.Next(files.Count)], random);
            var before = GC.GetTotalAllocatedBytes();
            try
            {
                await Corpus.ReadByAllAsync(changed, ct);
                Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, LargestAllocation);
            }
            catch (Exception found) when (found is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Seed {seed}, {changed.Length} bytes.", found);
            }
        }
    }
}
