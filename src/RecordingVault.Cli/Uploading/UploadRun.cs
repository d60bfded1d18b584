using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Uploading;

/// <summary>What a person asked of an upload.</summary>
/// <param name="Patience">How long it goes on trying while nothing gets through.</param>
internal sealed record UploadWishes(RecordingWords Words, bool Fresh, bool Share, TimeSpan Patience);

/// <summary>A recording whose files are safe, or some of them.</summary>
/// <param name="ShareUrl">The link with its secret, where one was asked for.</param>
internal sealed record SafeRecording(Guid Id, IReadOnlyList<SafeFile> Files, string? ShareUrl)
{
    public long Bytes => Files.Sum(file => file.Upload.File.Length);

    public long ResumedAt => Files.Sum(file => file.ResumedAt);
}

/// <summary>
/// Sends recordings one after another: one file fills the line, and the vault gives each sender a bounded part of its memory, so two at once would not be faster
/// and both would be late.
/// </summary>
internal sealed class UploadRun(VaultClient vault, UploadWishes wishes, IUploadView view, UploadReport report, TimeProvider time)
{
    public async Task<ExitCode> RunAsync(IReadOnlyList<RecordingPlan> plans, CancellationToken cancellationToken)
    {
        UploadMemory.Sweep(time);
        var (safe, first) = (0, ExitCode.Ok);
        foreach (var plan in plans)
        {
            var files = new List<SafeFile>();
            try
            {
                var failures = await SendAsync(plan, files, cancellationToken);
                safe += files.Count;
                if (failures is { } failed && first == ExitCode.Ok) first = failed;
            }
            catch (CommandException failed) when (failed.Code is ExitCode.NotSignedIn or ExitCode.Unreachable or ExitCode.Interrupted)
            {
                // The next recording would fare no better.
                await report.FailAsync(plan.Files[files.Count < plan.Files.Count ? files.Count : 0].File, failed);
                return failed.Code == ExitCode.Interrupted || safe + files.Count == 0 ? failed.Code : ExitCode.Partial;
            }
        }

        return first == ExitCode.Ok || safe == 0 ? first : ExitCode.Partial;
    }

    /// <returns>The first failure; null when every file is safe.</returns>
    private async Task<ExitCode?> SendAsync(RecordingPlan plan, List<SafeFile> files, CancellationToken cancellationToken)
    {
        ExitCode? failed = null;
        var memories = new List<RememberedId>();
        try
        {
            var problems = new List<(LocalFile File, CommandException Problem)>();
            await view.ShowAsync(plan, async watch =>
            {
                var recordingId = plan.RecordingId;
                foreach (var upload in plan.Files)
                {
                    try
                    {
                        var memory = UploadMemory.Open(vault.Address, upload.File, plan.RecordingId, wishes.Fresh);
                        memories.Add(memory);
                        var sending = new FileUpload(vault, watch, wishes.Patience, time);
                        files.Add(await sending.RunAsync(upload, UploadMetadata.Line(upload, plan, wishes.Words, recordingId), recordingId, memory, cancellationToken));
                        recordingId = files[^1].RecordingId;
                    }
                    catch (Exception problem) when (OwnFault(problem) is { } own)
                    {
                        problems.Add((upload.File, own));
                        if (recordingId is null) return; // without its first file there is no recording to join
                    }
                    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                    {
                        throw new CommandException(ExitCode.Interrupted, "Interrupted. What the vault has acknowledged is safe there; the same command goes on from there within seven days.");
                    }
                }
            });
            foreach (var (file, problem) in problems)
            {
                failed ??= problem.Code;
                await report.FailAsync(file, problem);
            }

            if (files.Count == 0) return failed;
            var link = wishes.Share && failed is null ? await ShareAsync(files[0].RecordingId, cancellationToken) : null;
            await report.SafeAsync(new SafeRecording(files[0].RecordingId, files, link), plan);
            // Where one file failed, the others are remembered, so that a second run completes this recording and makes no new one.
            if (failed is null) memories.ForEach(memory => memory.Forget());
            return failed;
        }
        finally
        {
            memories.ForEach(memory => memory.Dispose());
        }
    }

    private async Task<string> ShareAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        using var request = vault.Request(HttpMethod.Post, $"/api/v1/recordings/{recordingId:D}/shares");
        var share = await vault.AskAsync(request, MessageJson.Default.ShareAnswer, cancellationToken);
        return ShareLink.Check(share, vault);
    }

    /// <summary>What lies with this one file; null for what would meet the next one too.</summary>
    private static CommandException? OwnFault(Exception problem) => problem switch
    {
        CommandException { Code: ExitCode.NotSignedIn or ExitCode.Unreachable or ExitCode.Interrupted } => null,
        CommandException own => own,
        FileChangedException changed => new CommandException(ExitCode.InputOutput, changed.Message),
        UnauthorizedAccessException denied => new CommandException(ExitCode.InputOutput, ShownText.Of(denied.Message)),
        _ => null,
    };
}
