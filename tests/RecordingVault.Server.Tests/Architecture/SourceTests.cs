using System.Text.RegularExpressions;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>The budgets and names of the style card, where a machine can tell.</summary>
[Trait("Run", "Once")]
public sealed partial class SourceTests
{
    private static readonly IReadOnlyList<string> Sources = Checkout.CSharpFiles("src", "tests");

    [Fact]
    public void No_file_passes_300_lines() =>
        Assert.DoesNotContain(Sources.Select(path => (Path: path, Lines: Checkout.Read(path).Count(c => c == '\n'))), file => file.Lines > 300);

    [Fact]
    public void The_program_stays_a_contents_page() =>
        Assert.All(Sources.Where(path => path.EndsWith("/Program.cs", StringComparison.Ordinal) && path.StartsWith("src/", StringComparison.Ordinal)),
            path => Assert.InRange(Checkout.Read(path).Count(c => c == '\n'), 1, 80));

    [Fact]
    public void A_type_is_named_by_the_words_of_the_domain()
    {
        var drawers = from path in Sources
                      from Match declared in Declaration().Matches(Checkout.Read(path))
                      let name = declared.Groups["name"].Value
                      where Drawer().IsMatch(name)
                      select $"{path}: {name}";

        Assert.Empty(drawers);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var strays = from path in Sources
                     let declared = Namespace().Match(Checkout.Read(path))
                     where declared.Success
                     let folder = Path.GetDirectoryName(path)!.Replace('\\', '/').Split('/', 2)[1].Replace('/', '.')
                     where declared.Groups["name"].Value != folder
                     select $"{path}: {declared.Groups["name"].Value}";

        Assert.Empty(strays);
    }

    [Fact]
    public void Nothing_is_left_to_do()
    {
        var left = from path in Sources
                   where !path.EndsWith("/SourceTests.cs", StringComparison.Ordinal) && Unfinished().IsMatch(Checkout.Read(path))
                   select path;

        Assert.Empty(left);
    }

    /// <summary>Whoever watches the server's log tells its lines apart by their numbers.</summary>
    [Fact]
    public void A_number_of_the_servers_log_means_one_thing()
    {
        var numbers = Sources.Where(path => path.StartsWith("src/", StringComparison.Ordinal)).SelectMany(path => LogNumber().Matches(Checkout.Read(path)).Select(match => match.Groups["number"].Value)).ToList();

        Assert.InRange(numbers.Count, 20, 1_000);
        Assert.Empty(numbers.GroupBy(number => number, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [GeneratedRegex(@"\bEventId = (?<number>\d+)")]
    private static partial Regex LogNumber();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|sealed|static|abstract|partial|readonly|ref|file)\s+)*(?:class|record struct|record class|record|struct|interface|enum)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex("Helper|Utils?(?![a-z])|Manager|Common|Impl(?![a-z])|V2|(?:Base|Data|Info)$")]
    private static partial Regex Drawer();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"//.*\b(?:TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();
}
