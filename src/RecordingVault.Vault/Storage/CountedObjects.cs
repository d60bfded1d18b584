using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>What the name of a manifest or card says about it.</summary>
internal sealed record CountedName(long Sequence, Guid ObjectId);

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

    /// <summary>By number, and then by object id as it is written: the last one is the newest.</summary>
    public static async Task<List<CountedName>> ListAsync(IObjectStore objects, Guid tenantId, Guid recordingId, ObjectRole role, CancellationToken cancellationToken)
    {
        List<CountedName> names = [];
        await foreach (var found in objects.ListAsync(ObjectNames.RoleFolder(tenantId, recordingId, role), cancellationToken))
        {
            if (ObjectNames.TryParseObject(found.Name.Value, out var place, out var sequence)) names.Add(new CountedName(sequence!.Value, place.ObjectId));
        }
        return [.. names.OrderBy(name => name.Sequence).ThenBy(name => name.ObjectId.ToString(), StringComparer.Ordinal)];
    }

    public static async Task RequireWithinLimitAsync(IObjectStore objects, ObjectName name, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(name, cancellationToken) is { LengthInBytes: > MaxSealedLength })
            throw new SealedFormatException(FormatFailure.OverLimit, $"{name} is longer than its kind may be.");
    }

    private static Task<WipedBytes> OpenAsync(
        IObjectStore objects, OwnerKey key, ObjectRole role, Guid objectId, long sequence, ReadOnlyMemory<byte>? digest, CancellationToken cancellationToken)
    {
        var place = ObjectWriter.Place(key, role, objectId);
        return LoneObject.OpenSmallAsync(objects, ObjectNames.Counted(place, sequence), key, place, MaxSealedLength, digest, cancellationToken);
    }
}
