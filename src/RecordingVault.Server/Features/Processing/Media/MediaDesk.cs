using FFMpegCore;
using FFMpegCore.Exceptions;
using FFMpegCore.Pipes;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Media;

/// <summary>
/// One asset and the tools, for as long as something is made of it. Arguments are one string to the library: only constants and numbers of ours go in,
/// never a word of a file, a title or a name.
/// </summary>
internal sealed class MediaDesk : IAsyncDisposable
{
    private readonly SandboxFolder folder;
    private readonly AssetSource source;
    private readonly Demuxer demuxer;

    private readonly Lock counting = new();
    private (int From, int To) part;
    private int reached;

    /// <summary>Until when all runs that follow have to be over, together; null where each has its own clock alone. By the machine's own clock, which nobody sets.</summary>
    private long? until;

    private MediaDesk(SandboxFolder folder, AssetSource source, Demuxer demuxer) => (this.folder, this.source, this.demuxer) = (folder, source, demuxer);

    /// <summary>Which part of the whole work the runs are that follow, in percent; none until somebody says it.</summary>
    public (int From, int To) Part
    {
        get => part;
        set
        {
            // What the run before has read is nothing of this part.
            lock (counting)
            {
                source.ForgetProgress();
                part = value;
            }
        }
    }

    /// <summary>From here on all runs share one time: a file may ask for hundreds of them.</summary>
    /// <param name="time">Null where each has its own again.</param>
    public void Share(TimeSpan? time) => until = time is { } all ? Environment.TickCount64 + (long)all.TotalMilliseconds : null;

    /// <summary>How far the work is, by what the present run has read. It never goes back: several runs may share a part.</summary>
    public int Percent
    {
        get
        {
            lock (counting)
                return reached = Math.Max(reached, part.From + (int)((part.To - part.From) * source.Progress));
        }
    }

    /// <param name="asset">Stays the caller's; at least one byte, since ffmpeg takes an empty answer for a broken line.</param>
    public static async Task<MediaDesk> OpenAsync(AssetReader asset, Demuxer demuxer, CancellationToken cancellationToken)
    {
        if (asset.Length == 0)
            throw new MediaFailedException(MediaFailure.NotMedia);
        var made = SandboxFolder.Create();
        try
        {
            return new MediaDesk(made, await AssetSource.StartAsync(asset, made.Socket, cancellationToken), demuxer);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <exception cref="MediaFailedException">It is no media, or of a kind that is not processed.</exception>
    public async Task<MediaFacts> ProbeAsync(CancellationToken cancellationToken)
    {
        var analysis = await GuardAsync(
            RunLimits.Short,
            token => FFProbe.AnalyseAsync(AssetSource.Address, folder.Options, demuxer.InputArguments, token),
            cancellationToken);
        return ProbeReading.Read(analysis);
    }

    /// <summary>Runs ffmpeg over the asset; what it writes flows into <paramref name="sink"/> and touches no disk.</summary>
    /// <param name="output">Everything after the input: what to make, in which format.</param>
    /// <param name="before">What stands before the input besides what always does: a seek, a faster way to decode.</param>
    /// <param name="words">Texts that the tool finds in the sandbox's /tmp, by name (<see cref="SandboxFolder.Lay"/>); null for none.</param>
    /// <exception cref="MediaFailedException">The file can't be read to its end, or not within the limits.</exception>
    public async Task RunAsync(
        string output, Func<Stream, CancellationToken, Task> sink, RunLimits limits, CancellationToken cancellationToken, string before = "", IReadOnlyDictionary<string, string>? words = null)
    {
        Exception? sinkFault = null;
        var pipe = new FuncSink(async (stream, token) =>
        {
            try
            {
                await sink(stream, token);
            }
            catch (Exception fault)
            {
                // The library would show ffmpeg's broken pipe instead of what broke it.
                sinkFault = fault;
                throw;
            }
            finally
            {
                folder.TellTaken();
            }
        });
        source.ForgetProgress();
        try
        {
            folder.Lay(words);
            await GuardAsync(
                limits,
                token => FFMpegArguments.FromUrlInput(AssetSource.Address, input => input.WithCustomArgument($"{demuxer.InputArguments} {before}".TrimEnd()))
                    .OutputToPipe(pipe, made => made.WithCustomArgument($"-nostdin -map_metadata -1 {output}"))
                    .CancellableThrough(token)
                    .ProcessAsynchronously(true, folder.Options, token),
                cancellationToken);
        }
        catch (Exception) when (sinkFault is not null and not OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw sinkFault is OutputTooLongException ? new MediaFailedException(MediaFailure.TooMuchWork) : sinkFault;
        }
        finally
        {
            folder.Lay(null);
        }
    }

    /// <summary>A run whose result is small and is wanted whole.</summary>
    public async Task<byte[]> ReadAsync(string output, int mostBytes, RunLimits limits, CancellationToken cancellationToken, string before = "")
    {
        using var made = new MemoryStream();
        await RunAsync(output, (stream, token) => new BoundedStream(stream, mostBytes).CopyToAsync(made, token), limits, cancellationToken, before);
        return made.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        folder.Dispose();
    }

    private async Task<T> GuardAsync<T>(RunLimits limits, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        var left = until is { } end ? TimeSpan.FromMilliseconds(end - Environment.TickCount64) : limits.Clock;
        if (left <= TimeSpan.Zero)
            throw new MediaFailedException(MediaFailure.TooMuchWork);
        folder.Limit(limits);
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        clock.CancelAfter(left < limits.Clock ? left : limits.Clock);
        try
        {
            var result = await run(clock.Token);
            // ffmpeg takes a line that breaks off for the file's end.
            return source.Damage is { } found ? throw found : result;
        }
        catch (Exception fault) when (fault is not SealedFormatException && !cancellationToken.IsCancellationRequested)
        {
            if (source.Damage is { } damage)
                throw damage;
            if (clock.IsCancellationRequested || folder.WasEndedByLimit)
                throw new MediaFailedException(MediaFailure.TooMuchWork);
            throw Translate(fault);
        }
    }

    /// <summary>Whoever was asked for the asset's bytes had a tool that ran: then it is the file. Else the tools or their sandbox did not come up.</summary>
    private Exception Translate(Exception fault) => fault switch
    {
        FFMpegException or FFProbeException or FormatNullException or System.Text.Json.JsonException when source.WasAsked => new MediaFailedException(MediaFailure.Broken),
        _ => new SandboxFailedException("ffmpeg could not be run in its sandbox: `doctor` says what is missing.", fault),
    };

    /// <summary>The library's sink, which hands over what the tool writes as a stream to be read.</summary>
    private sealed class FuncSink(Func<Stream, CancellationToken, Task> read) : IPipeSink
    {
        public Task ReadAsync(Stream inputStream, CancellationToken cancellationToken) => read(inputStream, cancellationToken);

        public string GetStreamArguments() => "";
    }
}
