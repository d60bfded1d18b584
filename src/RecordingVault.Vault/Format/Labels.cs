namespace RecordingVault.Vault.Format;

/// <summary>
/// The labels that keep one use of a key apart from every other (sealed-format.md, key derivation). ASCII; all but the root's id end in 00.
/// </summary>
internal static class Labels
{
    public static ReadOnlySpan<byte> RootId => "recordingvault.v1.root.id"u8;
    public static ReadOnlySpan<byte> Wrap => "recordingvault.v1.wrap\0"u8;
    public static ReadOnlySpan<byte> WrapCommitment => "recordingvault.v1.wrap.commitment\0"u8;
    public static ReadOnlySpan<byte> ObjectKey => "recordingvault.v1.object.key\0"u8;
    public static ReadOnlySpan<byte> ObjectCommitment => "recordingvault.v1.object.commitment\0"u8;
    public static ReadOnlySpan<byte> Columns => "recordingvault.v1.columns\0"u8;
    public static ReadOnlySpan<byte> Column => "recordingvault.v1.column\0"u8;
    public static ReadOnlySpan<byte> Digest => "recordingvault.v1.digest\0"u8;
    public static ReadOnlySpan<byte> Passcode => "recordingvault.v1.passcode\0"u8;
}
