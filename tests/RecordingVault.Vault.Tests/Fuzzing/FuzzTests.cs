using System.Globalization;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Tests.Vectors;

namespace RecordingVault.Vault.Tests.Fuzzing;

/// <summary>
/// Random bytes and changed vectors into every parser: a few in CI, as many as wanted by `infra/soak.sh fuzz COUNT`.
/// </summary>
[Trait("Kind", "Fuzz")]
public sealed class FuzzTests
{
    private const int CountInCi = 5_000;
    private const int MaxSeedLength = 20_000;

    private delegate void Target(ReadOnlySpan<byte> bytes);

    private static int Count =>
        int.Parse(Environment.GetEnvironmentVariable("VAULT_SOAK_COUNT") ?? CountInCi.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [Fact]
    public void A_header_parses_or_is_refused() => Run(FuzzTargets.Header, "object", "sealed");

    [Fact]
    public void A_wrap_parses_or_is_refused() => Run(FuzzTargets.Wrap, "wrap", "sealed");

    [Fact]
    public void A_manifest_parses_or_is_refused() => Run(FuzzTargets.Manifest, "manifest", "text");

    [Fact]
    public void A_card_parses_or_is_refused() => Run(FuzzTargets.Card, "card", "text");

    [Fact]
    public void An_object_opens_or_is_refused() => Run(FuzzTargets.Object, "object", "sealed");

    [Fact]
    public void A_sealed_text_opens_or_is_refused() => Run(FuzzTargets.Text, "sealed-text", "sealed");

    private static void Run(Target target, string kind, string member)
    {
        var seeds = VectorCase.Names.Select(VectorCase.Load).Where(vector => vector.Kind == kind).Select(vector => vector.Bytes(member))
            .Where(bytes => bytes.Length <= MaxSeedLength).ToList();
        // A new seed each time finds more; the message tells it, and Random gives the same again for it.
        var randomSeed = Random.Shared.Next();
        var random = new Random(randomSeed);
        for (var round = 0; round < Count; round++)
        {
            var bytes = random.Next(10) == 0 ? Noise(random) : Mutation.Of(seeds[random.Next(seeds.Count)], random);
            try
            {
                target(bytes);
            }
            catch (SealedFormatException)
            {
                // Refused, as it should be.
            }
            catch (Exception finding)
            {
                Assert.Fail($"Seed {randomSeed}, round {round}: {finding.GetType().Name} for {Convert.ToHexStringLower(bytes)}");
            }
        }
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(600)];
        random.NextBytes(bytes);
        return bytes;
    }
}
