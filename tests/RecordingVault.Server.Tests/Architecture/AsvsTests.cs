using System.Text.RegularExpressions;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>docs/asvs.md lists every requirement of its chapters once, and the tests that it names are there.</summary>
[Trait("Run", "Once")]
public sealed partial class AsvsTests
{
    private static readonly string Document = Checkout.Read("docs/asvs.md");

    [Fact]
    public void Every_test_that_is_named_as_evidence_exists()
    {
        var tests = Checkout.CSharpFiles("tests").SelectMany(path => Method().Matches(Checkout.Read(path)).Select(match => match.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        var named = Evidence().Matches(Document).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(named.Count >= 40, $"only {named.Count} tests are named");
        Assert.Equal("", string.Join('\n', named.Except(tests)));
    }

    /// <summary>So many requirements of level 1 and 2 have the chapters in version 5.0.0.</summary>
    [Theory]
    [InlineData(3, 19)]
    [InlineData(6, 35)]
    [InlineData(7, 18)]
    [InlineData(8, 7)]
    [InlineData(9, 7)]
    public void Every_requirement_of_the_first_two_levels_has_its_line(int chapter, int count)
    {
        var listed = Requirement().Matches(Document).Select(match => match.Groups["id"].Value).Where(id => id.StartsWith($"{chapter}.", StringComparison.Ordinal)).ToList();

        Assert.Equal(listed.Distinct(StringComparer.Ordinal), listed);
        Assert.Equal(count, listed.Count);
    }

    [Fact]
    public void A_requirement_that_holds_at_level_2_says_by_what() =>
        Assert.DoesNotContain(Document.Split('\n'), line => line.StartsWith("| v5.0.0-", StringComparison.Ordinal) && !line.Contains("| – ", StringComparison.Ordinal) && line.TrimEnd().EndsWith("| |", StringComparison.Ordinal));

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Evidence();

    [GeneratedRegex(@"public (async )?(Task|void) (?<name>[A-Z]\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Method();

    [GeneratedRegex(@"^\| v5\.0\.0-(?<id>[0-9.]+) \| [12] \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Requirement();
}
