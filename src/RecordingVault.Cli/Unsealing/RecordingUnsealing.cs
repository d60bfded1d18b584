using RecordingVault.Cli.Output;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Cli.Unsealing;

/// <summary>A whole recording into a folder, or one of its assets into a file. An asset that is damaged does not keep the others back.</summary>
internal static class RecordingUnsealing
{
    public static async Task<ExitCode> RunAsync(
        BucketReader bucket, RootKey root, Guid? tenantId, Guid recordingId, Guid? assetId, Destination output, CancellationToken cancellationToken)
    {
        var tenant = tenantId ?? await FindTenantAsync(bucket, recordingId, cancellationToken);
        using var recording = await bucket.OpenRecordingAsync(root, tenant, recordingId, cancellationToken);
        if (assetId is null && !output.IsStandardOutput) return await WriteAllAsync(recording, output, cancellationToken);

        var asset = Choose(recording.Manifest, assetId);
        await output.WriteAsync(OutputNames.Of(asset), (to, ct) => CopyAsync(recording, asset, to, ct), cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task<ExitCode> WriteAllAsync(RecoveredRecording recording, Destination output, CancellationToken cancellationToken)
    {
        var folder = output.Path ?? recording.Manifest.RecordingId.ToString();
        MakeFolder(folder);
        // Before anything is written: half a recording beside older files would help nobody.
        foreach (var name in recording.Manifest.Assets.Select(OutputNames.Of).Append(OutputNames.Card)) NewFile.RequireFree(Path.Combine(folder, name), output.Force);

        var worst = await WriteCardAsync(recording, InFolder(OutputNames.Card), cancellationToken);
        foreach (var asset in recording.Manifest.Assets)
        {
            try
            {
                await InFolder(OutputNames.Of(asset)).WriteAsync(OutputNames.Of(asset), (to, ct) => CopyAsync(recording, asset, to, ct), cancellationToken);
            }
            catch (SealedFormatException refused)
            {
                await output.Terminal.Error.WriteLineAsync($"vault: {OutputNames.Of(asset)} was not written. {Refusals.Explain(refused)}");
                if (worst == ExitCode.Ok) worst = Refusals.CodeOf(refused);
            }
        }
        return worst;

        Destination InFolder(string name) => output with { Path = Path.Combine(folder, name) };
    }

    private static async Task<ExitCode> WriteCardAsync(RecoveredRecording recording, Destination output, CancellationToken cancellationToken)
    {
        if (recording.CardFailure is { } failure)
        {
            await output.Terminal.Error.WriteLineAsync($"vault: {OutputNames.Card} was not written: the recording's card does not open ({Refusals.ClassOf(failure)}). Its content is not touched by that.");
            return ExitCode.Damaged;
        }
        if (recording.Card is { } card) await output.WriteAsync(OutputNames.Card, (to, ct) => to.WriteAsync(CardText.Of(card), ct).AsTask(), cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task CopyAsync(RecoveredRecording recording, ManifestAsset asset, Stream to, CancellationToken cancellationToken)
    {
        using var reader = recording.OpenAsset(asset);
        await using var range = await reader.OpenRangeAsync(0, reader.Length, cancellationToken);
        await range.CopyToAsync(to, cancellationToken);
    }

    private static async Task<Guid> FindTenantAsync(BucketReader bucket, Guid recordingId, CancellationToken cancellationToken)
    {
        await foreach (var tenantId in bucket.ListTenantsAsync(cancellationToken))
        {
            await foreach (var found in bucket.ListRecordingsAsync(tenantId, cancellationToken))
                if (found == recordingId) return tenantId;
        }
        throw new CommandException(ExitCode.Missing, $"There is no recording {recordingId} in this store. Leave out --recording to see what is there.");
    }

    private static ManifestAsset Choose(Manifest manifest, Guid? assetId)
    {
        var found = manifest.Assets.Where(asset => assetId is { } wanted ? asset.Id == wanted : asset.Role == ObjectRole.OriginalSegment).ToList();
        return found switch
        {
            [var only] => only,
            [] when assetId is null => throw new CommandException(ExitCode.Missing, $"The recording has no original. {Assets(manifest)}"),
            [] => throw new CommandException(ExitCode.Missing, $"The recording has no asset {assetId}. {Assets(manifest)}"),
            _ => throw new CommandException(ExitCode.Usage, $"The recording has several originals. Name one with --asset. {Assets(manifest)}"),
        };
    }

    private static string Assets(Manifest manifest) =>
        manifest.Assets.Count == 0 ? "It has no assets." : $"It has: {string.Join(", ", manifest.Assets.Select(asset => $"{OutputNames.WordOf(asset.Role)} {asset.Id}"))}.";

    private static void MakeFolder(string folder)
    {
        if (File.Exists(folder)) throw new CommandException(ExitCode.Usage, $"{folder} is a file. A recording is written into a folder: name one with -o.");
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
