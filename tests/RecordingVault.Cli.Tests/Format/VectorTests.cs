using System.Text.Json;
using System.Text.RegularExpressions;
using RecordingVault.Vault.Format;

namespace RecordingVault.Cli.Tests.Format;

public sealed partial class VectorTests
{
    [Fact]
    public async Task The_independent_reader_opens_every_good_case_and_refuses_every_other_with_the_right_class()
    {
        var run = await OutsideProgram.RunAsync(OutsideProgram.Python, Path.Combine(OutsideProgram.Vectors, "run.py"));

        Assert.Equal("", run.Error);
        Assert.Equal($"{Cases().Count} cases, 0 wrong\n", run.Out);
        Assert.Equal(0, run.Code);
        Assert.True(Cases().Count >= 40);
    }

    [Fact]
    public void The_independent_reader_stays_short_enough_to_be_read()
    {
        var lines = File.ReadAllLines(Path.Combine(OutsideProgram.Vectors, "open.py"));

        Assert.InRange(lines.Length, 1, 199);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 160));
    }

    [Fact]
    public async Task The_independent_reader_notices_a_case_that_says_something_else()
    {
        var copy = Directory.CreateTempSubdirectory("recordingvault-vectors-");
        try
        {
            Directory.CreateDirectory(Path.Combine(copy.FullName, "cases"));
            var text = await File.ReadAllTextAsync(Path.Combine(OutsideProgram.Vectors, "cases", "object-flipped-tag.json"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                Path.Combine(copy.FullName, "cases", "object-flipped-tag.json"), text.Replace("\"damaged\"", "\"truncated\""), TestContext.Current.CancellationToken);

            var run = await OutsideProgram.RunAsync(OutsideProgram.Python, Path.Combine(OutsideProgram.Vectors, "run.py"), copy.FullName);

            Assert.EndsWith("1 cases, 1 wrong\n", run.Out);
            Assert.Equal(1, run.Code);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_cases_are_what_their_maker_writes()
    {
        var made = Directory.CreateTempSubdirectory("recordingvault-vectors-");
        try
        {
            var run = await OutsideProgram.RunAsync(OutsideProgram.Python, Path.Combine(OutsideProgram.Vectors, "make.py"), made.FullName);

            Assert.Equal((0, ""), (run.Code, run.Error));
            foreach (var folder in new[] { "cases", "bodies" })
            {
                var expected = Path.Combine(OutsideProgram.Vectors, folder);
                Assert.Equal(Names(expected), Names(Path.Combine(made.FullName, folder)));
                foreach (var name in Names(expected))
                    Assert.True(Same(Path.Combine(expected, name), Path.Combine(made.FullName, folder, name)), $"{folder}/{name} is not what make.py writes.");
            }
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_failure_class_of_the_document_is_one_of_the_library_and_has_a_case()
    {
        var document = File.ReadAllText(Path.Combine(OutsideProgram.RepositoryRoot(), "docs", "sealed-format.md"));
        var section = document[document.IndexOf("## 13.", StringComparison.Ordinal)..document.IndexOf("## 14.", StringComparison.Ordinal)];
        var documented = section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Word().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value)).Order();

        Assert.Equal(Enum.GetValues<FormatFailure>().Select(Refusals.ClassOf).Order(), documented);
        Assert.Equal(documented, Cases().Select(ResultOf).Where(result => result != "ok").Distinct().Order());
    }

    private static string[] Names(string folder) => [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order()];

    private static bool Same(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private static List<string> Cases() => [.. Directory.EnumerateFiles(Path.Combine(OutsideProgram.Vectors, "cases"), "*.json")];

    private static string ResultOf(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.GetProperty("expect").GetProperty("result").GetString()!;
    }

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Word();
}
