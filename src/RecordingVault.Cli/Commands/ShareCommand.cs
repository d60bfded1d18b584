using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault share`: a link for somebody without an account.</summary>
internal static class ShareCommand
{
    private const int LongestPasscode = 128;

    /// <summary>Neither 0 and o, nor 1, i and l: a passcode is read out over a telephone.</summary>
    private const string PasscodeLetters = "abcdefghjkmnpqrstuvwxyz23456789";

    public static Command Create(Terminal terminal)
    {
        var recording = new Argument<Guid>("RECORDING") { Description = "The recording's id, as `vault list` shows it." };
        var name = new Option<string?>("--name") { HelpName = "RECIPIENT", Description = "Who it is for; it stands on the page and in the log." };
        var expires = new Option<string?>("--expires") { HelpName = "14d|DATE", Description = "When it ends: a number of days or hours (14d, 36h), a date, or a time. Without it after 14 days." };
        var passcode = new Option<bool>("--passcode") { Description = "Ask for a passcode as well; one is made and printed once." };
        var passcodeFile = new Option<string?>("--passcode-file") { HelpName = "FILE", Description = "Ask for the passcode that stands in this file; - for standard input." };
        var download = new Option<bool>("--allow-download") { Description = "Let whoever has the link keep a copy. Without it he may watch." };
        var note = new Option<string?>("--note") { HelpName = "TEXT", Description = "For yourself; it is not shown to the recipient." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("share", "Makes a link to a recording and prints it on the last line.") { recording, name, expires, passcode, passcodeFile, download, note, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(passcode) is not null && result.GetResult(passcodeFile) is not null)
                result.AddError("--passcode makes one and --passcode-file brings one: choose.");
        });
        command.SetAction(async (asked, cancellationToken) =>
        {
            var made = asked.GetValue(passcode) ? NewPasscode() : null;
            var secret = made ?? (asked.GetValue(passcodeFile) is { } file ? await PasscodeAsync(file, terminal, cancellationToken) : null);
            var question = new ShareQuestion(asked.GetValue(name), asked.GetValue(expires) is { } end ? End(end, TimeProvider.System) : null, secret, asked.GetValue(download), asked.GetValue(note));
            using var vault = new VaultClient(CurrentSignIn.Read());
            using var request = vault.Request(HttpMethod.Post, $"/api/v1/recordings/{asked.GetRequiredValue(recording):D}/shares");
            request.Content = JsonBody.Of(question, MessageJson.Default.ShareQuestion);
            var share = await vault.AskAsync(request, MessageJson.Default.ShareAnswer, cancellationToken);
            var url = ShareLink.Check(share, vault);
            // A link that is wider than it was asked for must not be handed on.
            if ((secret is not null && !share.HasPasscode) || (!asked.GetValue(download) && !share.ViewOnly))
                throw new CommandException(ExitCode.Refused, "The vault made a link that allows more than you asked for. Stop it on the recording's page, and do not send it.");
            await terminal.Out.WriteLineAsync(asked.GetValue(json) ? Json(share, url, made) : Sentences(share, url, made));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string Sentences(ShareAnswer share, string url, string? madePasscode)
    {
        var who = string.IsNullOrEmpty(share.RecipientName) ? "Whoever has this link" : $"{ShownText.Of(share.RecipientName)}, and whoever else has this link,";
        var end = share.ExpiresAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
        var sentence = $"{who} may {(share.ViewOnly ? "watch the recording, not download it," : "watch the recording and keep a copy,")} until {end}{(share.HasPasscode ? ", with the passcode" : "")}.";
        return madePasscode is null ? $"{sentence}\n{url}" : $"{sentence}\nPasscode, shown this once; tell it on another way than the link: {madePasscode}\n{url}";
    }

    private static string Json(ShareAnswer share, string url, string? madePasscode) => JsonLine.Of(writer =>
    {
        writer.WriteString("share", share.Id);
        writer.WriteString("url", url);
        writer.WriteString("expiresAt", share.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        writer.WriteBoolean("viewOnly", share.ViewOnly);
        writer.WriteBoolean("hasPasscode", share.HasPasscode);
        writer.WriteString("recipientName", share.RecipientName);
        if (madePasscode is not null) writer.WriteString("passcode", madePasscode);
    });

    private static async Task<string> PasscodeAsync(string file, Terminal terminal, CancellationToken cancellationToken)
    {
        var passcode = file != "-" ? await SecretFile.ReadAsync(file, LongestPasscode, cancellationToken)
            : terminal.AskHidden is { } ask ? await ask("Passcode (it is not shown): ", cancellationToken)
            : await SecretFile.ReadLineAsync(terminal.In, LongestPasscode, cancellationToken);
        return passcode.Trim() is { Length: > 0 } given ? given : throw new CommandException(ExitCode.Usage, "The passcode is empty. Leave --passcode-file out for a link without one.");
    }

    /// <summary>About 39 bits, behind five tries.</summary>
    private static string NewPasscode()
    {
        var letters = RandomNumberGenerator.GetString(PasscodeLetters, 8);
        return $"{letters[..4]}-{letters[4..]}";
    }

    private static DateTimeOffset End(string text, TimeProvider time)
    {
        if (text.Length is > 1 and < 6 && (text[^1] is 'd' or 'h') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return time.GetUtcNow() + (text[^1] == 'd' ? TimeSpan.FromDays(number) : TimeSpan.FromHours(number));
        // A day ends with its last minute where the person is.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 59), DateTimeKind.Local));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)
            ? at
            : throw new CommandException(ExitCode.Usage, "--expires is a number of days or hours (14d, 36h), a date such as 2026-12-24, or a time.");
    }
}
