using System.Text;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Platform;

public sealed class TimeCodeTests
{
    /// <summary>The seed of RFC 6238's own test values.</summary>
    private static readonly byte[] Seed = Encoding.ASCII.GetBytes("12345678901234567890");

    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 10, TimeSpan.Zero);

    // The last six of the eight digits that appendix B of the RFC lists for SHA-1.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(20_000_000_000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(code, TimeCode.At(at, Seed));
        Assert.Equal(seconds / 30, TimeCode.Check(code, Seed, lastStep: null, at));
        Assert.Equal(seconds / 30, TimeCode.Check($"{code[..3]} {code[3..]}", Seed, lastStep: null, at));
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_code_is_good_in_its_step_and_in_the_ones_beside_it(int seconds, bool isGood) =>
        Assert.Equal(isGood, TimeCode.Check(TimeCode.At(Now.AddSeconds(seconds), Seed), Seed, lastStep: null, Now) is not null);

    [Fact]
    public void A_code_never_works_twice_and_none_that_is_older_works_after_it()
    {
        var before = TimeCode.At(Now.AddSeconds(-30), Seed);
        var code = TimeCode.At(Now, Seed);
        var step = TimeCode.Check(code, Seed, lastStep: null, Now);

        Assert.Null(TimeCode.Check(code, Seed, step, Now));
        Assert.Null(TimeCode.Check(before, Seed, step, Now));
        Assert.Equal(step + 1, TimeCode.Check(TimeCode.At(Now.AddSeconds(30), Seed), Seed, step, Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("١٢٣٤٥٦")]
    public void What_is_no_code_is_none(string text) => Assert.Null(TimeCode.Check(text, Seed, lastStep: null, Now));

    [Fact]
    public void The_set_up_names_vault_and_account_and_holds_the_seed()
    {
        var seed = TimeCode.NewSeed();

        var uri = TimeCode.SetupUri("vault.example", "Karl Brandt", seed);

        Assert.Equal($"otpauth://totp/vault.example:Karl%20Brandt?secret={TimeCode.Text(seed)}&issuer=vault.example", uri);
        Assert.Equal(32, TimeCode.Text(seed).Length);
        Assert.NotEqual(seed, TimeCode.NewSeed());
    }
}
