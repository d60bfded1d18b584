namespace RecordingVault.Vault.Keys;

/// <summary>Where things stand in a wrap of suite 1 (sealed-format.md, wraps).</summary>
internal static class WrapLayout
{
    public const int TotalLength = 176;
    public const int HeadLength = 72;
    public const int CommittedLength = HeadLength + Xaes256Gcm.NonceLength;
    public const int CommitmentLength = 32;

    public static ReadOnlySpan<byte> Magic => "RVK1"u8;
    public static readonly Range WrappingKeyId = 8..24;
    public static readonly Range TenantId = 24..40;
    public static readonly Range OwnerId = 40..56;
    public static readonly Range KeyId = 56..72;
    public static readonly Range Nonce = HeadLength..CommittedLength;
    public static readonly Range Commitment = CommittedLength..(CommittedLength + CommitmentLength);
    public static readonly Range Ciphertext = 128..160;
    public static readonly Range Tag = 160..TotalLength;
}
