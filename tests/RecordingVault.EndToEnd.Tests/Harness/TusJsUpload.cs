using System.Diagnostics;
using System.Text.Json;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>An upload by tus-js-client that goes on until its file is safe, whatever happens to the server meanwhile; and what it was told on the way.</summary>
internal sealed class TusJsUpload : IAsyncDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;
    private readonly Lock gate = new();
    private TaskCompletionSource patching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long acknowledged;
    private string? failure;

    private TusJsUpload(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    /// <summary>Address of the upload.</summary>
    public Uri? Url { get; private set; }

    public string? Recording { get; private set; }

    /// <summary>The most that was ever acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref acknowledged);

    public bool IsDone { get; private set; }

    public static async Task<TusJsUpload> BeginAsync(string script, object task, CancellationToken ct)
    {
        var node = Process.Start(new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var upload = new TusJsUpload(node);
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(task, JsonSerializerOptions.Web));
        node.StandardInput.Close();
        await Task.WhenAny(upload.begun.Task, upload.reading).WaitAsync(ct);
        if (upload.Url is null)
            await upload.FinishAsync(ct);
        return upload;
    }

    /// <summary>Somebody else, such as a second look by HEAD, was told this.</summary>
    public void Note(long offset)
    {
        for (var before = Acknowledged; offset > before; before = Acknowledged)
            Interlocked.CompareExchange(ref acknowledged, offset, before);
    }

    /// <summary>Returns when the next PATCH leaves the client, or when there is none any more.</summary>
    public Task NextPatchAsync(CancellationToken ct)
    {
        lock (gate)
            patching = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Task.WhenAny(patching.Task, reading).WaitAsync(ct);
    }

    /// <summary>Returns when the file is safe.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        await process.WaitForExitAsync(ct);
        if (!IsDone)
            throw new InvalidOperationException($"tus-js-client gave up: {failure} {await process.StandardError.ReadToEndAsync(ct)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var told = JsonDocument.Parse(line).RootElement;
            if (told.TryGetProperty("url", out var url))
                Url = new Uri(url.GetString()!);
            if (told.TryGetProperty("recording", out var recording))
                Recording = recording.GetString();
            if (told.TryGetProperty("acknowledged", out var offset))
                Note(offset.GetInt64());
            if (told.TryGetProperty("failed", out var failed))
                failure = failed.GetString();
            IsDone |= told.TryGetProperty("done", out _);
            if (Url is not null && Recording is not null)
                begun.TrySetResult();
            if (!told.TryGetProperty("patch", out _))
                continue;
            lock (gate)
                patching.TrySetResult();
        }
    }
}
