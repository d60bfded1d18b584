using System.Globalization;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>The names of sealed-format.md, the bucket: ids and nothing else, none used twice.</summary>
internal static class ObjectNames
{
    private const int IdLength = 36;
    private const int SequenceLength = 16;

    public static string TenantPrefix(Guid tenantId) => $"t/{tenantId}/";

    public static string OwnerPrefix(KeyKind kind, Guid tenantId, Guid ownerId) => $"t/{tenantId}/{OwnerFolder(kind)}/{ownerId}/";

    public static ObjectName Key(KeyKind kind, Guid tenantId, Guid ownerId, Guid wrappingKeyId, Guid keyId) => ObjectName.Parse(kind switch
    {
        KeyKind.Vault => $"v/key/{wrappingKeyId}-{keyId}",
        KeyKind.Tenant => $"t/{tenantId}/key/{wrappingKeyId}-{keyId}",
        KeyKind.TenantData => $"t/{tenantId}/data-key/{wrappingKeyId}-{keyId}",
        _ => $"{OwnerPrefix(kind, tenantId, ownerId)}key/{wrappingKeyId}-{keyId}",
    });

    public static ObjectName Object(SealedHeader place) =>
        ObjectName.Parse($"{OwnerPrefix(place.Role.OwnerKind(), place.TenantId, place.OwnerId)}{place.Role.Folder()}/{place.ObjectId}");

    /// <summary>Manifests and cards are counted; sixteen digits keep a listing in order.</summary>
    public static ObjectName Counted(SealedHeader place, long sequence) => ObjectName.Parse(string.Create(
        CultureInfo.InvariantCulture,
        $"{OwnerPrefix(KeyKind.Recording, place.TenantId, place.OwnerId)}{place.Role.Folder()}/{sequence:D16}-{place.ObjectId}"));

    public static string RoleFolder(Guid tenantId, Guid recordingId, ObjectRole role) => $"{OwnerPrefix(KeyKind.Recording, tenantId, recordingId)}{role.Folder()}/";

    /// <summary>What the name of a sealed object says about it. False for key objects and anything else.</summary>
    public static bool TryParseObject(string name, out SealedHeader place, out long? sequence)
    {
        place = default;
        sequence = null;
        var parts = name.Split('/');
        if (parts.Length != 6 || parts[0] != "t" || !TryId(parts[1], out var tenantId) || !TryId(parts[3], out var ownerId)) return false;
        if (!ObjectRoles.TryParseFolder(parts[4], out var role) || parts[2] != OwnerFolder(role.OwnerKind())) return false;

        var last = parts[5].AsSpan();
        if (role is ObjectRole.Manifest or ObjectRole.Card)
        {
            if (last.Length != SequenceLength + 1 + IdLength || last[SequenceLength] != '-') return false;
            if (!long.TryParse(last[..SequenceLength], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
            sequence = number;
            last = last[(SequenceLength + 1)..];
        }
        if (!TryId(last, out var objectId)) return false;
        place = new SealedHeader(role, tenantId, ownerId, objectId);
        return true;
    }

    /// <summary>The ids of wrapping and wrapped key in the last part of a key object's name.</summary>
    public static bool TryParseKey(string name, out Guid wrappingKeyId, out Guid keyId)
    {
        keyId = Guid.Empty;
        wrappingKeyId = Guid.Empty;
        var parts = name.Split('/');
        if (parts.Length < 3 || parts[^2] is not ("key" or "data-key")) return false;
        var last = parts[^1].AsSpan();
        return last.Length == IdLength + 1 + IdLength
            && last[IdLength] == '-'
            && TryId(last[..IdLength], out wrappingKeyId)
            && TryId(last[(IdLength + 1)..], out keyId);
    }

    public static bool TryId(ReadOnlySpan<char> text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && !text.ContainsAnyInRange('A', 'F');

    private static string OwnerFolder(KeyKind kind) => kind switch
    {
        KeyKind.Recording => "r",
        KeyKind.Contact => "c",
        KeyKind.Evidence => "e",
        KeyKind.Export => "x",
        _ => throw new InvalidOperationException($"Keys of kind {kind} stand in the database only."),
    };
}
