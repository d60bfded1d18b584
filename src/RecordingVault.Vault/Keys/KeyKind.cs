namespace RecordingVault.Vault.Keys;

/// <summary>What a wrapped key is for (sealed-format.md, wraps). The number is part of every wrap.</summary>
public enum KeyKind : byte
{
    Vault = 1,
    Tenant = 2,
    TenantData = 3,
    Recording = 4,
    Contact = 5,
    Evidence = 6,
    Export = 7,
    Signing = 8,
    DataProtection = 9,
}

internal static class KeyKinds
{
    public static bool IsKnown(byte kind) => kind is >= (byte)KeyKind.Vault and <= (byte)KeyKind.DataProtection;

    /// <summary>Whether a key of this kind belongs to one recording, contact, piece of evidence or export.</summary>
    public static bool HasOwner(this KeyKind kind) => kind is >= KeyKind.Recording and <= KeyKind.Export;
}
