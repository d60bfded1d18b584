using System.ComponentModel.DataAnnotations;

namespace RecordingVault.Server.Platform.Configuration;

internal enum SandboxKind
{
    /// <summary>ffmpeg runs where it reaches nothing: no file, no network, no other process.</summary>
    Bubblewrap,

    /// <summary>Nothing is processed: recordings play as they came.</summary>
    Off,
}

/// <summary>What is made of recordings, and by how much of this machine.</summary>
internal sealed class ProcessingOptions
{
    public SandboxKind Sandbox { get; set; } = SandboxKind.Bubblewrap;

    /// <summary>How many recordings are processed at once on this node.</summary>
    [Range(1, 16, ErrorMessage = "Vault__Processing__Jobs is between 1 and 16.")]
    public int Jobs { get; set; } = 1;
}
