using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>Manifests and cards: one new object for every change, numbered, read alone.</summary>
internal static class CountedObjects
{
    public const long MaxSealedLength = 16 * 1024 * 1024;

    public static async Task<Manifest> OpenManifestAsync(
        IObjectStore objects, OwnerKey key, Guid objectId, long sequence, ReadOnlyMemory<byte>? digest, CancellationToken cancellationToken)
    {
        using var text = await OpenAsync(objects, key, ObjectRole.Manifest, objectId, sequence, digest, cancellationToken);
        return ManifestReader.Read(text.Span, key.TenantId, key.OwnerId, sequence);
    }

    public static async Task<Card> OpenCardAsync(IObjectStore objects, OwnerKey key, Guid objectId, long sequence, CancellationToken cancellationToken)
    {
        using var text = await OpenAsync(objects, key, ObjectRole.Card, objectId, sequence, null, cancellationToken);
        return CardReader.Read(text.Span, key.TenantId, key.OwnerId, sequence);
    }

    private static Task<WipedBytes> OpenAsync(
        IObjectStore objects, OwnerKey key, ObjectRole role, Guid objectId, long sequence, ReadOnlyMemory<byte>? digest, CancellationToken cancellationToken)
    {
        var place = ObjectWriter.Place(key, role, objectId);
        return LoneObject.OpenSmallAsync(objects, ObjectNames.Counted(place, sequence), key, place, MaxSealedLength, digest, cancellationToken);
    }
}
