using System.CommandLine;
using System.Globalization;
using System.Net.Mail;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Talk;
using RecordingVault.Cli.Uploading;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault upload`: files and folders into the vault, going on where an earlier run ended.</summary>
internal static class UploadCommand
{
    private const int UsualPatience = 600;

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, each a recording of its own, and folders, of which the vault says what makes one recording.", Arity = ArgumentArity.OneOrMore };
        var title = new Option<string?>("--title") { HelpName = "TEXT", Description = "The recording's title; without it the file's or the folder's name." };
        var recordedAt = new Option<string?>("--recorded-at") { HelpName = "TIME", Description = "When it was recorded, as 2026-11-22T09:30:00Z; without an offset in this machine's time zone." };
        var people = new Option<string[]>("--participant") { HelpName = "NAME <MAIL>", Description = "Who took part; once for each. The address may be left out.", AllowMultipleArgumentsPerToken = false };
        var label = new Option<string?>("--label") { HelpName = "LABEL", Description = "public, internal, confidential or restricted." };
        var tag = new Option<string?>("--tag") { HelpName = "TAG", Description = "The usage tag, as no-tdm." };
        var recording = new Option<Guid?>("--recording") { HelpName = "ID", Description = "Add the files to this recording." };
        var role = new Option<string?>("--role") { HelpName = "ROLE", Description = "With --recording, what a file is in it: original, audio, captions, transcript or chat." };
        var share = new Option<bool>("--share") { Description = "Make a link to each recording, to watch it for 14 days, and print it." };
        var fresh = new Option<bool>("--fresh") { Description = "Begin anew, whatever an earlier run has sent." };
        var patience = new Option<int>("--patience") { HelpName = "SECONDS", Description = "How long to go on trying while nothing gets through.", DefaultValueFactory = _ => UsualPatience };
        var json = new Option<bool>("--json") { Description = "One JSON object on a line for each recording." };
        var quiet = new Option<bool>("--quiet") { Description = "Say nothing but what goes wrong, and links." };
        var command = new Command("upload", "Brings recordings into the vault. Run it again after anything that stopped it: it goes on where it was.")
        {
            paths, title, recordedAt, people, label, tag, recording, role, share, fresh, patience, json, quiet,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(recording) is not null && (result.GetResult(title) ?? result.GetResult(recordedAt) ?? result.GetResult(people) ?? result.GetResult(label) ?? result.GetResult(tag)) is not null)
                result.AddError("--recording names a recording that has title, time, people, label and tag already; leave those out.");
            if (result.GetResult(role) is not null && result.GetResult(recording) is null)
                result.AddError("--role needs --recording.");
        });
        command.SetAction(async (asked, cancellationToken) =>
        {
            var words = new RecordingWords(asked.GetValue(title), asked.GetValue(recordedAt) is { } time ? Time(time) : null, [.. (asked.GetValue(people) ?? []).Select(Participant)], asked.GetValue(label), asked.GetValue(tag));
            if (asked.GetValue(patience) < 0) throw new CommandException(ExitCode.Usage, "--patience is a number of seconds.");
            using var vault = new VaultClient(CurrentSignIn.Read());
            var report = new UploadReport(terminal, vault.Address, asked.GetValue(json), asked.GetValue(quiet));
            var plans = await PlanAsync(vault, asked.GetRequiredValue(paths), asked.GetValue(recording), asked.GetValue(role), report, cancellationToken);
            if (plans.Count == 0) throw new CommandException(ExitCode.Usage, "There is nothing to upload in what you named.");
            if (plans.Count > 1 && (words.Title ?? asked.GetValue(recordedAt)) is not null)
                throw new CommandException(ExitCode.Usage, $"--title and --recorded-at are of one recording, and these are {plans.Count}. Upload them one after another, or leave the options out.");
            IUploadView view = asked.GetValue(quiet) ? new QuietView() : terminal.IsScreen ? new BarView(terminal.Error) : new LineView(terminal.Error);
            var wishes = new UploadWishes(words, asked.GetValue(fresh), asked.GetValue(share), TimeSpan.FromSeconds(asked.GetValue(patience)));
            return (int)await new UploadRun(vault, wishes, view, report, TimeProvider.System).RunAsync(plans, cancellationToken);
        });
        return command;
    }

    private static async Task<IReadOnlyList<RecordingPlan>> PlanAsync(VaultClient vault, string[] paths, Guid? recording, string? role, UploadReport report, CancellationToken cancellationToken)
    {
        var plans = new List<RecordingPlan>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path) && role is null)
                plans.AddRange(await FolderPlan.AskAsync(vault, path, recording, report.LeaveOut, cancellationToken));
            else if (Directory.Exists(path))
                throw new CommandException(ExitCode.Usage, $"{path} is a folder, whose files have roles of their own. Leave --role out.");
            else
                plans.Add(new RecordingPlan(recording, null, null, [new PlannedUpload(LocalFile.Look(path), role)]));
        }

        // The same file twice would wait for itself.
        return plans.SelectMany(plan => plan.Files).GroupBy(upload => upload.File.Place, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new CommandException(ExitCode.Usage, $"{twice.Key} was named twice.")
            : plans;
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time
            : throw new CommandException(ExitCode.Usage, "--recorded-at is a time such as 2026-11-22T09:30:00Z.");

    private static Person Participant(string text)
    {
        var mail = text.IndexOf('<', StringComparison.Ordinal);
        if (mail < 0 && !string.IsNullOrWhiteSpace(text)) return new Person(text.Trim(), null);
        return mail > 0 && text.EndsWith('>') && MailAddress.TryCreate(text[(mail + 1)..^1], out var address) && !string.IsNullOrWhiteSpace(text[..mail])
            ? new Person(text[..mail].Trim(), address.Address)
            : throw new CommandException(ExitCode.Usage, "--participant is a name, or a name and an address: \"Ben Reed <ben@example.com>\".");
    }
}
