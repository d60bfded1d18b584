using System.Runtime.InteropServices;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>What the name of a key object says about the wrap in it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyPlace(KeyKind Kind, Guid TenantId, Guid OwnerId, Guid WrappingKeyId, Guid KeyId)
{
    /// <summary>Refuses a wrap that was put under another one's name. Which key wrapped it shows when it is opened.</summary>
    public void Require(WrappedKey wrap)
    {
        if (wrap.Kind != Kind) throw new SealedFormatException(FormatFailure.WrongKind, $"The wrap at the place of key {KeyId} holds a key of kind {wrap.Kind}.");
        if (wrap.TenantId != TenantId || wrap.OwnerId != OwnerId || wrap.KeyId != KeyId)
            throw new SealedFormatException(FormatFailure.WrongPlace, $"The wrap at the place of key {KeyId} belongs elsewhere.");
    }
}
