namespace RecordingVault.Server.Platform;

/// <summary>The vault can't start as it is configured. The text is a sentence for the person who starts it and names the cure.</summary>
internal sealed class VaultStartException(string message) : Exception(message);
