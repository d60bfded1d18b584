using System.CommandLine;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Exporting;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault export`: recordings as signed packages, for somebody, for a purpose.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var recordings = new Argument<Guid[]>("RECORDING") { Description = "Recordings' ids, as `vault list` shows them; several become one bundle.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every recording, a package each, into a folder. Run again it goes on." };
        var recipient = new Option<string>("--recipient") { HelpName = "NAME", Description = "Whom it is for; it stands in the package and in the log.", Required = true };
        var purpose = new Option<string>("--purpose") { HelpName = "WORD", Description = "What it is for: view-internal (a copy for yourselves), share-external, transcribe, ai-inference, ai-training, data-mining, legal.", DefaultValueFactory = _ => "view-internal" };
        var to = new Option<string?>("--output", "-o") { HelpName = "PATH", Description = "Where to: a file, or with --all a folder." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var json = new Option<bool>("--json") { Description = "One JSON object on a line for each recording." };
        var command = new Command("export", "Packs recordings as signed packages and fetches them, verified while they come.") { recordings, all, recipient, purpose, to, force, json };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(recordings) is { Length: > 0 };
            if (named == result.GetValue(all))
                result.AddError("Name recordings, or say --all.");
        });
        command.SetAction(async (asked, cancellationToken) =>
        {
            using var vault = new VaultClient(CurrentSignIn.Read());
            ExportQuestion Question(params Guid[] ids) => new(ids, asked.GetRequiredValue(purpose), asked.GetRequiredValue(recipient));
            if (asked.GetValue(all))
                return (int)await new EverythingRun(vault, terminal, asked.GetValue(to) ?? "recordingvault-export").RunAsync(id => Question(id), asked.GetValue(json), cancellationToken);
            var ids = asked.GetRequiredValue(recordings);
            var path = asked.GetValue(to) ?? (ids is [var one] ? $"recordingvault-{one:D}.zip" : "recordingvault-bundle.zip");
            var export = await new ExportRun(vault).ToFileAsync(Question(ids), path, asked.GetValue(force), cancellationToken);
            return (int)await TellAsync(export, path, asked.GetValue(json), terminal);
        });
        return command;
    }

    private static async Task<ExitCode> TellAsync(ExportAnswer export, string path, bool json, Terminal terminal)
    {
        var isWhole = true;
        foreach (var line in export.Recordings ?? [])
        {
            var isPacked = line.Outcome == "packed";
            isWhole &= isPacked;
            if (json)
            {
                await terminal.Out.WriteLineAsync(JsonLine.Of(writer =>
                {
                    writer.WriteString("recording", line.Recording);
                    if (isPacked) writer.WriteString("file", path);
                    else writer.WriteString("refused", line.Sentence);
                }));
            }
            else if (!isPacked)
            {
                await terminal.Error.WriteLineAsync($"vault: {line.Recording:D} was left out: {ShownText.Of(line.Sentence ?? "")}");
            }
        }

        if (!json) await terminal.Out.WriteLineAsync(path);
        return isWhole ? ExitCode.Ok : ExitCode.Partial;
    }
}
