using System.CommandLine;
using RecordingVault.Cli.Verifying;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault verify`: whether an export package, a signed document or a file with a manifest beside it is as it was signed. Needs no server and no account.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = "An export package, a bundle of several, or a consent receipt; or a file with its manifest beside it (FILE.c2pa)." };
        var keys = new Option<FileInfo?>("--keys") { HelpName = "FILE", Description = "The keys that its vault publishes (/.well-known/recording-vault-keys.json), to compare the signing key with." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("verify", "Checks that an export package, a consent receipt or a file with a .c2pa beside it was not changed since it was signed: no byte, name or order in it. Needs no server and no account.") { file, keys, json };
        command.SetAction(async (asked, cancellationToken) =>
        {
            var path = asked.GetRequiredValue(file).FullName;
            if (!File.Exists(path)) throw new CommandException(ExitCode.Usage, $"There is no file {path}.");
            var kept = asked.GetValue(keys) is { } list ? await KeysFile.ReadAsync(list.FullName, cancellationToken) : null;
            return (int)await RunAsync(path, kept, asked.GetValue(json), terminal, cancellationToken);
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(string path, IReadOnlyList<KeptKey>? keys, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 128 * 1024, Options = FileOptions.SequentialScan | FileOptions.Asynchronous });
        try
        {
            if (LooseCheck.StoreOf(path, await HeadAsync(stream, cancellationToken)) is { } store)
            {
                var loose = await LooseCheck.OfAsync(store, keys, cancellationToken);
                foreach (var line in json ? [loose.Json()] : loose.Lines()) await terminal.Out.WriteLineAsync(line);
                return loose.Manifest.Key.Code();
            }

            if (stream.Length is > 0 and <= SignedDocument.MaxLength && await DocumentAsync(stream, cancellationToken) is { } document)
            {
                var found = DocumentCheck.Of(document, keys);
                foreach (var line in json ? [found.Json()] : found.Lines()) await terminal.Out.WriteLineAsync(line);
                return found.Key.Code();
            }

            List<ManifestCheck> manifests = [];
            var check = PackageCheck.Of(await PackageVerifier.VerifyAsync(stream, ManifestCheck.Into(manifests, keys), cancellationToken), keys, manifests);
            foreach (var line in json ? [CheckText.Json(check)] : CheckText.Lines(check)) await terminal.Out.WriteLineAsync(line);
            return check.Code;
        }
        catch (PackageException refused)
        {
            if (json) await terminal.Out.WriteLineAsync(CheckText.Json(refused));
            await terminal.Error.WriteLineAsync($"vault: {refused.Message} [{CheckText.Name(refused.Failure)}]");
            return ExitCode.Damaged;
        }
    }

    /// <summary>The first bytes of a file; it is at its start again then.</summary>
    private static async Task<byte[]> HeadAsync(FileStream stream, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(stream.Length, 4)];
        await stream.ReadExactlyAsync(head, cancellationToken);
        stream.Position = 0;
        return head;
    }

    /// <summary>Null where it begins as no document does; then it is read as a package, from its start.</summary>
    private static async Task<SignedDocument?> DocumentAsync(FileStream stream, CancellationToken cancellationToken)
    {
        var text = new byte[stream.Length];
        await stream.ReadExactlyAsync(text, cancellationToken);
        stream.Position = 0;
        return SignedDocument.MayBe(text[0]) ? SignedDocument.Verify(text) : null;
    }
}
