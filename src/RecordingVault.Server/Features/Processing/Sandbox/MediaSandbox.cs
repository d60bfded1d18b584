using System.Diagnostics;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Features.Processing.Sandbox;

/// <summary>What a run of the wrapped tool for nothing has shown.</summary>
/// <param name="Version">As ffmpeg names itself; null where it can't be run.</param>
/// <param name="Fault">What the wrapper said, or that it said nothing; null where it works.</param>
internal sealed record SandboxTrial(string? Version, string? Fault);

/// <summary>Whether this machine can run ffmpeg as we run it. Looked at once; some containers forbid what it takes.</summary>
internal sealed partial class MediaSandbox(IOptions<VaultOptions> options, TimeProvider time, ILogger<MediaSandbox> log)
{
    private const string Announcement = "ffmpeg version ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lock gate = new();
    private Task<SandboxTrial>? trial;

    /// <summary>Whether words can be drawn onto a picture: it takes a font besides.</summary>
    public async Task<bool> CanDrawAsync() => File.Exists(CopyDrawing.Font) && SandboxFolder.HasMemory && await IsOnAsync();

    /// <summary>The same as far as this node can tell: one that is no worker leaves it to those that are.</summary>
    public async Task<bool> MayBeDrawnAsync() => options.Value.IsWorker ? await CanDrawAsync() : options.Value.Processing.Sandbox != SandboxKind.Off;

    /// <summary>Whether anything is made of recordings, as far as this node can tell.</summary>
    public async Task<bool> MayBeOnAsync() => options.Value.IsWorker ? await IsOnAsync() : options.Value.Processing.Sandbox != SandboxKind.Off;

    public async Task<bool> IsOnAsync() => await LookOnceAsync() is { Fault: null };

    /// <summary>Of the ffmpeg that the sandbox runs; null where processing is off or ffmpeg can't be run in it.</summary>
    public async Task<string?> VersionAsync() => (await LookOnceAsync())?.Version;

    /// <summary>Runs the wrapped tool once, for nothing.</summary>
    public static async Task<SandboxTrial> TryAsync()
    {
        using var folder = SandboxFolder.Create();
        // A file in the socket's place: nothing is read, but the sandbox binds it.
        await File.WriteAllBytesAsync(folder.Socket, []);
        try
        {
            var start = new ProcessStartInfo(System.IO.Path.Combine(folder.Path, "ffmpeg"), ["-version"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            using var end = new CancellationTokenSource(Patience);
            var words = process.StandardOutput.ReadToEndAsync(end.Token);
            var complaint = await process.StandardError.ReadToEndAsync(end.Token);
            await process.WaitForExitAsync(end.Token);
            if (process.ExitCode == 0 && (await words).StartsWith(Announcement, StringComparison.Ordinal))
                return new SandboxTrial((await words)[Announcement.Length..].Split([' ', '\n'], 2)[0], null);
            return new SandboxTrial(null, complaint.Trim() is { Length: > 0 } said ? said.Split('\n')[0] : $"exit code {process.ExitCode}");
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException or OperationCanceledException)
        {
            return new SandboxTrial(null, fault.Message);
        }
    }

    private async Task<SandboxTrial?> LookOnceAsync()
    {
        if (options.Value.Processing.Sandbox == SandboxKind.Off)
            return null;
        lock (gate)
            trial ??= LookAsync();
        return await trial;
    }

    private async Task<SandboxTrial> LookAsync()
    {
        SandboxFolder.SweepOld(time.GetUtcNow());
        var shown = await TryAsync();
        if (shown.Fault is { } fault)
            Off(log, fault);
        return shown;
    }

    [LoggerMessage(EventId = 640, Level = LogLevel.Warning, Message = "Recordings are kept and played as they come, and nothing is made of them: ffmpeg can't be run in its sandbox here ({Fault}). `doctor` says what is missing.")]
    private static partial void Off(ILogger log, string fault);
}
