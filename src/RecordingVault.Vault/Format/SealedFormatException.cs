namespace RecordingVault.Vault.Format;

/// <summary>
/// Sealed bytes were refused. Nothing of what was refused has been released; the message names ids and lengths, never content.
/// </summary>
public sealed class SealedFormatException(FormatFailure failure, string message) : Exception(message)
{
    /// <summary>The failure class of docs/sealed-format.md.</summary>
    public FormatFailure Failure { get; } = failure;
}
