using System.Globalization;
using System.Net;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Exporting;

/// <summary>One export from wish to file: asked for, waited for, fetched, verified while it comes, and then ended on the vault. A file appears whole and verified, or not at all.</summary>
internal sealed class ExportRun(VaultClient vault)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <returns>What became of each recording.</returns>
    /// <exception cref="CommandException">The vault said no, or nothing could be packed; the message says why.</exception>
    public async Task<ExportAnswer> ToFileAsync(ExportQuestion question, string path, bool force, CancellationToken cancellationToken)
    {
        NewFile.RequireFree(path, force);
        using var request = vault.Request(HttpMethod.Post, "/api/v1/exports");
        request.Content = JsonBody.Of(question, MessageJson.Default.ExportQuestion);
        var export = await WaitAsync(await vault.AskAsync(request, MessageJson.Default.ExportAnswer, cancellationToken), cancellationToken);
        if (export.State != "ready")
            throw new CommandException(ExitCode.Refused, export.Recordings?.FirstOrDefault(line => line.Sentence is not null)?.Sentence is { } why ? ShownText.Of(why) : $"The vault could not build the package ({ShownText.Of(export.State ?? "")}).");
        await NewFile.WriteAsync(path, force, (file, token) => FetchAsync(export, file, token), cancellationToken);
        await EndAsync(export.Id, cancellationToken);
        return export;
    }

    private async Task<ExportAnswer> WaitAsync(ExportAnswer export, CancellationToken cancellationToken)
    {
        while (export.State is "waiting" or "building")
        {
            await Task.Delay(s_pause, cancellationToken);
            export = await vault.AskAsync(vault.Request(HttpMethod.Get, $"/api/v1/exports/{export.Id:D}"), MessageJson.Default.ExportAnswer, cancellationToken);
        }

        return export;
    }

    private async Task FetchAsync(ExportAnswer export, Stream file, CancellationToken cancellationToken)
    {
        using var request = vault.Request(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/v1/exports/{export.Id:D}/download"));
        try
        {
            using var answer = await vault.SendAsync(request, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK) throw await Refusal.ReadAsync(answer, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            await using var kept = new KeptStream(body, file);
            var package = await PackageVerifier.VerifyAsync(kept, cancellationToken);
            if (package.Id != export.Id) throw vault.Strange();
        }
        catch (PackageException refused)
        {
            throw new CommandException(ExitCode.Damaged, $"What came is no whole package, and was not kept: {refused.Message}");
        }
        catch (Exception failed) when (failed is HttpRequestException or HttpIOException)
        {
            throw vault.Unreachable(failed);
        }
    }

    /// <summary>It would end by itself; that it stays for a week is no failure of ours.</summary>
    private async Task EndAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            using var request = vault.Request(HttpMethod.Delete, $"/api/v1/exports/{id:D}");
            using var answer = await vault.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // The file is safe here, which is what was asked for.
        }
    }
}

/// <summary>What is read is written to a file as well.</summary>
internal sealed class KeptStream(Stream source, Stream file) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await source.ReadAsync(buffer, cancellationToken);
        await file.WriteAsync(buffer[..count], cancellationToken);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("What comes over a network is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
