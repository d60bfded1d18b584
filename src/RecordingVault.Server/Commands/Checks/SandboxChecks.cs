using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Whether ffmpeg can be run as the vault runs it.</summary>
internal static class SandboxChecks
{
    public static async Task<Finding> RunAsync(VaultOptions vault)
    {
        if (vault.Processing.Sandbox == SandboxKind.Off)
            return Finding.Look("processing", "is off: recordings play as they came, without length, poster or rendition.", "Set Vault__Processing__Sandbox=bubblewrap, or leave it so.");
        return (await MediaSandbox.TryAsync()).Fault is { } fault
            ? Finding.Look("processing", $"ffmpeg can't be run in its sandbox: {fault}.", "Recordings play as they came meanwhile. Install ffmpeg, bubblewrap and socat; in a container allow user namespaces, or set Vault__Processing__Sandbox=off.")
            : !File.Exists(CopyDrawing.Font)
                ? Finding.Look("processing", $"ffmpeg runs in its sandbox, but {CopyDrawing.Font} is missing: no visible mark can be drawn.", "Install the package fonts-dejavu-core.")
                : Finding.Ok("processing", "ffmpeg runs in its sandbox.");
    }
}
