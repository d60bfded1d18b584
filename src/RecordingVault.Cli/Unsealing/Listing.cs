using RecordingVault.Cli.Output;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;

namespace RecordingVault.Cli.Unsealing;

/// <summary>What is there: each tenant, and a line for each recording. One that does not open is named with the reason, and the others still follow.</summary>
internal static class Listing
{
    public static async Task<ExitCode> RunAsync(BucketReader bucket, RootKey root, Guid? onlyTenant, Terminal terminal, CancellationToken cancellationToken)
    {
        var (opened, worst) = (0, ExitCode.Ok);
        await foreach (var tenantId in bucket.ListTenantsAsync(cancellationToken))
        {
            if (onlyTenant is { } wanted && wanted != tenantId) continue;
            await terminal.Out.WriteLineAsync($"tenant {tenantId}");
            await foreach (var recordingId in bucket.ListRecordingsAsync(tenantId, cancellationToken))
            {
                try
                {
                    using var recording = await bucket.OpenRecordingAsync(root, tenantId, recordingId, cancellationToken);
                    await terminal.Out.WriteLineAsync($"  {recordingId}  {Line(recording)}");
                    opened++;
                }
                catch (SealedFormatException refused)
                {
                    await terminal.Out.WriteLineAsync($"  {recordingId}  does not open: {Refusals.ClassOf(refused.Failure)}");
                    if (worst is ExitCode.Ok or ExitCode.Missing) worst = Refusals.CodeOf(refused);
                }
            }
        }
        if (worst == ExitCode.WrongKey && opened == 0)
            throw new CommandException(ExitCode.WrongKey, "The root key opens nothing here. Use the root key that this vault was made with, or the one that it was rotated to.");
        // Uploads that did not end have no manifest; that is no damage.
        return worst == ExitCode.Missing ? ExitCode.Ok : worst;
    }

    private static string Line(RecoveredRecording recording)
    {
        var assets = recording.Manifest.Assets;
        var title = recording switch
        {
            { CardFailure: { } failure } => $"  (card does not open: {Refusals.ClassOf(failure)})",
            { Card.Title: { } text } => $"  {ShownText.Of(text)}",
            _ => "",
        };
        return $"{assets.Sum(asset => asset.Length)} bytes in {assets.Count} assets{title}";
    }
}
