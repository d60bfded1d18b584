using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Uploading;

/// <summary>A file that is safe in the vault.</summary>
/// <param name="ResumedAt">Bytes that were safe before this run.</param>
internal sealed record SafeFile(PlannedUpload Upload, Guid RecordingId, long ResumedAt);

/// <summary>Brings one file into the vault, over broken lines and restarts: after each failure it asks how far it is and goes on from there.</summary>
internal sealed class FileUpload(VaultClient vault, IUploadWatch watch, TimeSpan patience, TimeProvider time)
{
    private readonly TusSpeaker tus = new(vault);

    /// <param name="metadata">For the creation, where the upload is a new one.</param>
    /// <param name="joins">The recording that the file must belong to; null where it makes one.</param>
    public async Task<SafeFile> RunAsync(PlannedUpload upload, string metadata, Guid? joins, RememberedId memory, CancellationToken cancellationToken)
    {
        var file = upload.File;
        var pauses = new UploadPauses(patience, time, watch);
        UploadStanding? standing = null;
        long? resumedAt = null;
        while (true)
        {
            try
            {
                if (standing is null && memory.Id is { } known)
                {
                    standing = await tus.LookAsync(known, file.Length, cancellationToken);
                    if (standing is null || (joins is not null && standing.RecordingId != joins))
                    {
                        if (resumedAt is not null) throw new CommandException(ExitCode.Missing, $"The upload of {ShownText.Of(file.Shown)} was ended at the vault, and its bytes are gone. Run the command again to begin anew.");
                        (standing, memory.Id) = (null, null);
                    }
                }

                if (standing is null)
                {
                    standing = await tus.CreateAsync(file, metadata, watch.At, cancellationToken);
                    memory.Keep(standing.UploadId);
                    resumedAt ??= 0;
                    watch.Begin(file, 0);
                }
                else if (resumedAt is null)
                {
                    resumedAt = standing.Offset;
                    watch.Begin(file, standing.Offset);
                }

                pauses.Note(standing.Offset);
                watch.At(standing.Offset);
                if (standing.Offset == file.Length)
                {
                    file.RequireUnchanged();
                    return new SafeFile(upload, standing.RecordingId, resumedAt.Value);
                }

                standing = standing with { Offset = await tus.AppendAsync(standing.UploadId, file, standing.Offset, watch.At, cancellationToken) };
            }
            catch (TusAnswerException no)
            {
                if (no.IsGone) memory.Forget();
                if (!no.IsElsewhere && !no.MayPass) throw no.Refusal;
                standing = null;
                await pauses.WaitAsync(no.RetryAfter, no.Message, cancellationToken);
            }
            catch (FileChangedException)
            {
                memory.Forget();
                throw;
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (!File.Exists(file.Place)) throw new FileChangedException(file.Shown);
                standing = null;
                await pauses.WaitAsync(asked: null, $"The line to {vault.Address.Authority} broke.", cancellationToken);
            }
        }
    }
}
