namespace RecordingVault.Vault.Keys;

/// <summary>Where the root key comes from.</summary>
public interface IRootKeyProvider
{
    /// <summary>The name of the provider in the configuration.</summary>
    string Name { get; }

    /// <summary>The caller disposes the key. Throws <see cref="RootKeyException"/> with the cure when there is none to be had.</summary>
    RootKey Load();
}

/// <summary>The root key can't be had. The message says why and what to do, and holds nothing of the key.</summary>
public sealed class RootKeyException(string message) : Exception(message);
