using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>What the code has, the documents name, and the other way round.</summary>
[Trait("Run", "Once")]
public sealed partial class WrittenDownTests
{
    [Fact]
    public void Every_package_has_a_decision()
    {
        var decisions = string.Concat(Checkout.Files("docs/decisions", "*.md").Select(Checkout.Read));
        var packages = XDocument.Parse(Checkout.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value).ToList();

        Assert.NotEmpty(packages);
        Assert.Equal("", string.Join('\n', packages.Where(package => !Regex.IsMatch(decisions, $@"\b{Regex.Escape(package)}\b(?!\.\w)", RegexOptions.None, TimeSpan.FromSeconds(5)))));
    }

    [Fact]
    public void The_list_of_problems_is_exactly_what_the_code_answers()
    {
        var answered = Checkout.CSharpFiles("src/RecordingVault.Server").SelectMany(path => Slug().Matches(Checkout.Read(path))).Select(match => match.Groups["slug"].Value).ToHashSet(StringComparer.Ordinal);
        var listed = Row().Matches(Checkout.Read("docs/problems.md")).Select(match => match.Groups["slug"].Value).ToList();

        Assert.Equal("", string.Join('\n', listed.GroupBy(slug => slug, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)));
        Assert.Equal(string.Join('\n', answered.Order(StringComparer.Ordinal)), string.Join('\n', listed.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_test_that_the_threat_model_names_is_there()
    {
        var methods = Checkout.CSharpFiles("tests").SelectMany(path => TestMethod().Matches(Checkout.Read(path)).Select(match => $"{Path.GetFileNameWithoutExtension(path)}.{match.Groups["name"].Value}"))
            .ToHashSet(StringComparer.Ordinal);
        var named = NamedTest().Matches(Checkout.Read("docs/threat-model.md")).Select(match => match.Groups["name"].Value).ToList();

        Assert.InRange(named.Count, 50, 500);
        Assert.Equal("", string.Join('\n', named.Where(name => name != "WrittenDownTests.Every_test_that_the_threat_model_names_is_there" && !methods.Contains(name))));
    }

    [GeneratedRegex(@"public (?:async Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedTest();

    [GeneratedRegex("""new( Problem)?\(\s*"(?<slug>[a-z-]+)",\s*(\d{3}|StatusCodes)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Slug();

    [GeneratedRegex(@"^\| `(?<slug>[a-z-]+)` \| \d{3} \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
