using System.CommandLine;
using RecordingVault.Cli.Unsealing;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault unseal`: what is there, a whole recording, one asset, or one object, from a copy of the bucket and the root key.</summary>
internal static class UnsealCommand
{
    public static Command Create(Terminal terminal)
    {
        var rootKey = new Option<FileInfo>("--root-key") { HelpName = "FILE", Description = "The root key: a file of 32 raw bytes or 64 hex digits.", Required = true };
        var store = new Option<DirectoryInfo>("--store") { HelpName = "DIR", Description = "A copy of the bucket, or the folder that the vault keeps its objects in. It is only read.", Required = true };
        var tenant = new Option<Guid?>("--tenant") { HelpName = "ID", Description = "Look at this tenant only." };
        var recording = new Option<Guid?>("--recording") { HelpName = "ID", Description = "Open this recording." };
        var asset = new Option<Guid?>("--asset") { HelpName = "ID", Description = "Of that recording, this asset alone." };
        var name = new Option<string?>("--object") { HelpName = "NAME", Description = "Open the sealed object of this name (t/…/r/…/original/…), alone." };
        var to = new Option<string?>("--output", "-o") { HelpName = "PATH", Description = "Where to: a folder for a recording, a file for an asset or object, - for standard output." };
        var force = new Option<bool>("--force") { Description = "Replace files that are there." };
        var command = new Command("unseal", "Opens what a vault stored. Without --recording and --object, lists what is there.")
        {
            rootKey, store, tenant, recording, asset, name, to, force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(name) is not null && (result.GetResult(recording) ?? result.GetResult(tenant) ?? result.GetResult(asset)) is not null)
                result.AddError("--object names everything; leave out --tenant, --recording and --asset.");
            if (result.GetResult(asset) is not null && result.GetResult(recording) is null)
                result.AddError("--asset needs --recording.");
            if (result.GetResult(to) is not null && result.GetResult(recording) is null && result.GetResult(name) is null)
                result.AddError("-o needs --recording or --object.");
        });
        command.SetAction(async (asked, cancellationToken) =>
        {
            var folder = asked.GetRequiredValue(store);
            if (!folder.Exists) throw new CommandException(ExitCode.Usage, $"There is no folder {folder.FullName}. --store wants a copy of the bucket.");
            using var root = new FileRootKey(asked.GetRequiredValue(rootKey).FullName).Load();
            await using var bucket = BucketReader.OpenFolder(folder.FullName);
            var output = new Destination(asked.GetValue(to), asked.GetValue(force), terminal);
            if (asked.GetValue(name) is { } objectName) return (int)await ObjectUnsealing.RunAsync(bucket, root, objectName, output, cancellationToken);
            if (asked.GetValue(recording) is not { } recordingId) return (int)await Listing.RunAsync(bucket, root, asked.GetValue(tenant), terminal, cancellationToken);
            return (int)await RecordingUnsealing.RunAsync(bucket, root, asked.GetValue(tenant), recordingId, asked.GetValue(asset), output, cancellationToken);
        });
        return command;
    }
}
