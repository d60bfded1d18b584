using System.CommandLine;
using System.Text.RegularExpressions;
using RecordingVault.Server.Commands;
using RecordingVault.Server.Tests.Architecture;

namespace RecordingVault.Server.Tests.Commands;

/// <summary>Of every verb the documents say which event it writes into the logs of the tenants that it reaches.</summary>
[Trait("Run", "Once")]
public sealed partial class WrittenVerbsTests
{
    [Fact]
    public void Every_verb_says_which_event_it_writes()
    {
        var told = Row().Matches(Checkout.Read("docs/audit-log.md").Split("## What a command on the server writes")[1].Split("\n## ")[0]).Select(match => match.Groups["verb"].Value).ToList();
        var verbs = Leaves(ServerVerbs.Root(), "").ToList();

        Assert.Equal("", string.Join('\n', verbs.Except(told)));
        Assert.Equal("", string.Join('\n', told.Except(verbs)));
    }

    private static IEnumerable<string> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));

    [GeneratedRegex(@"^\| `(?<verb>[a-z]+( [a-z-]+)?)` \| [^|]+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
