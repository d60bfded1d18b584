using System.Globalization;
using System.Net;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Exporting;

/// <summary>
/// One export from wish to file: asked for, waited for, fetched, verified while it comes, and then ended on the vault. A file appears whole and verified, or not at all. Who
/// stops it has it ended too; where the line is gone for good, its id is remembered, and the same command goes on with it.
/// </summary>
internal sealed class ExportRun(VaultClient vault)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>So long the ending may take, also of one who was stopped: then it is told that something lies there.</summary>
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(5);

    /// <returns>What became of each recording.</returns>
    /// <exception cref="CommandException">The vault said no, or nothing could be packed, or it was stopped; the message says why.</exception>
    public async Task<ExportAnswer> ToFileAsync(ExportQuestion question, string path, bool force, CancellationToken cancellationToken)
    {
        NewFile.RequireFree(path, force);
        using var memory = Remember(question, path);
        cancellationToken.ThrowIfCancellationRequested();
        var export = await BeginAsync(question, memory, cancellationToken);
        try
        {
            export = await WaitAsync(export, cancellationToken);
            if (export.State != "ready")
                throw new CommandException(ExitCode.Refused, export.Recordings?.FirstOrDefault(line => line.Sentence is not null)?.Sentence is { } why ? ShownText.Of(why) : $"The vault could not build the package ({ShownText.Of(export.State ?? "")}).");
            await LineBreaks.OverAsync(() => NewFile.WriteAsync(path, force, (file, token) => FetchAsync(export, file, token), cancellationToken), cancellationToken);
        }
        catch (CommandException broken) when (broken.Code == ExitCode.Unreachable)
        {
            throw new CommandException(ExitCode.Unreachable, $"{broken.Message} {Lies(export.Id)}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Interrupted, await EndAsync(export.Id, memory)
                ? $"Interrupted. Nothing of it was kept here, and export {export.Id:D} was ended on the vault."
                : $"Interrupted. Nothing of it was kept here, and the vault could not be told. {Lies(export.Id)}");
        }
        catch
        {
            await EndAsync(export.Id, memory);
            throw;
        }

        // That it stays for a week where it can't be ended is no failure: the file is safe here.
        await EndAsync(export.Id, memory);
        memory.Forget();
        return export;
    }

    private RememberedId Remember(ExportQuestion question, string path)
    {
        RememberedId.Sweep(PrivateFolder.OfExports, TimeProvider.System);
        return RememberedId.Open(
            PrivateFolder.OfExports, string.Join('\0', vault.Address, question.Recipient, question.Purpose, string.Join(' ', question.Recordings), Path.GetFullPath(path)), $"Another `vault export` writes {ShownText.Of(path)} just now.");
    }

    /// <summary>The export that an earlier run left there, or a new one.</summary>
    private async Task<ExportAnswer> BeginAsync(ExportQuestion question, RememberedId memory, CancellationToken cancellationToken)
    {
        if (memory.Id is { } known && await LookAsync(known, cancellationToken) is { State: "waiting" or "building" or "ready" } left)
            return left;
        memory.Id = null;
        using var request = vault.Request(HttpMethod.Post, "/api/v1/exports");
        request.Content = JsonBody.Of(question, MessageJson.Default.ExportQuestion);
        // Once it has left, its answer is waited for: an export that nobody knows the id of can't be ended.
        var export = await vault.AskAsync(request, MessageJson.Default.ExportAnswer, CancellationToken.None);
        memory.Keep(export.Id);
        return export;
    }

    private async Task<ExportAnswer?> LookAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            using var request = vault.Request(HttpMethod.Get, $"/api/v1/exports/{id:D}");
            return await vault.AskAsync(request, MessageJson.Default.ExportAnswer, cancellationToken);
        }
        catch (CommandException gone) when (gone.Code == ExitCode.Missing)
        {
            return null;
        }
    }

    private async Task<ExportAnswer> WaitAsync(ExportAnswer export, CancellationToken cancellationToken)
    {
        while (export.State is "waiting" or "building")
        {
            await Task.Delay(s_pause, cancellationToken);
            var id = export.Id;
            export = await LineBreaks.OverAsync(() => LookAsync(id, cancellationToken), cancellationToken) ?? throw new CommandException(ExitCode.Missing, "The export is not there any more: somebody ended it, or its time is over.");
        }

        return export;
    }

    private async Task FetchAsync(ExportAnswer export, Stream file, CancellationToken cancellationToken)
    {
        using var request = vault.Request(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/exports/{export.Id:D}/download"));
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silent.CancelAfter(VaultClient.Patience);
        try
        {
            using var answer = await vault.SendAsync(request, silent.Token);
            if (answer.StatusCode != HttpStatusCode.OK) throw await Refusal.ReadAsync(answer, silent.Token);
            await using var body = await answer.Content.ReadAsStreamAsync(silent.Token);
            await using var kept = new KeptStream(body, file, silent);
            var package = await PackageVerifier.VerifyAsync(kept, silent.Token);
            if (package.Id != export.Id) throw vault.Strange();
        }
        catch (PackageException refused)
        {
            throw new CommandException(ExitCode.Damaged, $"What came is no whole package, and was not kept: {refused.Message}");
        }
        catch (Exception failed) when (failed is HttpRequestException or HttpIOException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw vault.Unreachable(failed);
        }
    }

    /// <summary>Whether the vault says that it is over; then nothing is remembered of it.</summary>
    private async Task<bool> EndAsync(Guid id, RememberedId memory)
    {
        // Whoever stopped the command waits for this: it has a time of its own, and a short one.
        using var limit = new CancellationTokenSource(s_ending);
        try
        {
            using var request = vault.Request(HttpMethod.Delete, $"/api/v1/exports/{id:D}");
            using var answer = await vault.SendAsync(request, limit.Token);
            if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.NotFound) return false;
            memory.Forget();
            return true;
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or CommandException)
        {
            return false;
        }
    }

    private static string Lies(Guid id) => $"Export {id:D} lies on the vault still: the same command goes on with it, and in seven days it ends by itself.";
}
