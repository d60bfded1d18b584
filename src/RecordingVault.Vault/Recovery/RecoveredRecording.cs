using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Recovery;

/// <summary>A recording as a copy of the bucket gives it back. Holds the recording's key until it is disposed.</summary>
public sealed class RecoveredRecording : IDisposable
{
    private readonly IObjectStore objects;
    private readonly OwnerKey key;

    internal RecoveredRecording(IObjectStore objects, OwnerKey key, Manifest manifest, bool chainIsWhole)
    {
        this.objects = objects;
        this.key = key;
        Manifest = manifest;
        ChainIsWhole = chainIsWhole;
    }

    public Manifest Manifest { get; }

    /// <summary>Null when none was written yet, and when the newest one does not open.</summary>
    public Card? Card { get; internal init; }

    /// <summary>Why the newest card does not open; null when it does, or when there is none.</summary>
    public FormatFailure? CardFailure { get; internal init; }

    /// <summary>Whether every manifest before this one is there and is the one that its successor names.</summary>
    public bool ChainIsWhole { get; }

    public AssetReader OpenAsset(ManifestAsset asset) => new(objects, key.Copy(), asset);

    public void Dispose() => key.Dispose();
}
