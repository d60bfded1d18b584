using System.Globalization;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Vault.Storage;

/// <summary>The names of sealed-format.md, the bucket: ids and nothing else, none used twice.</summary>
internal static class ObjectNames
{
    private const int IdLength = 36;
    private const int SequenceLength = 16;

    public const string TenantsPrefix = "t/";

    public static string RecordingsPrefix(Guid tenantId) => $"t/{tenantId}/r/";

    public static string ContactsPrefix(Guid tenantId) => $"t/{tenantId}/c/";
    public static string EvidencePrefix(Guid tenantId) => $"t/{tenantId}/e/";

    public static string TenantKeyPrefix(Guid tenantId) => $"t/{tenantId}/key/";

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

    /// <summary>What the name of a key object says about the wrap in it. False for anything else.</summary>
    public static bool TryParseKey(string name, out KeyPlace place)
    {
        place = default;
        var parts = name.Split('/');
        Guid tenantId = default, ownerId = default;
        KeyKind? kind = parts switch
        {
            ["v", "key", _] => KeyKind.Vault,
            ["t", var tenant, "key", _] when TryId(tenant, out tenantId) => KeyKind.Tenant,
            ["t", var tenant, "data-key", _] when TryId(tenant, out tenantId) => KeyKind.TenantData,
            ["t", var tenant, var letter, var owner, "key", _] when TryId(tenant, out tenantId) && TryId(owner, out ownerId) => OwnerKind(letter),
            _ => null,
        };
        var last = parts[^1].AsSpan();
        if (kind is null || last.Length != IdLength + 1 + IdLength || last[IdLength] != '-') return false;
        if (!TryId(last[..IdLength], out var wrappingKeyId) || !TryId(last[(IdLength + 1)..], out var keyId)) return false;
        place = new KeyPlace(kind.Value, tenantId, ownerId, wrappingKeyId, keyId);
        return true;
    }

    /// <summary>Whose it is; null for what belongs to no recording.</summary>
    public static (Guid TenantId, Guid RecordingId)? RecordingOf(ObjectName name) =>
        name.Value.Split('/') is ["t", var tenant, "r", var recording, _, ..] && TryId(tenant, out var tenantId) && TryId(recording, out var recordingId) ? (tenantId, recordingId) : null;

    /// <summary>A name that lies where keys lie, of a tenant that there is not.</summary>
    public static ObjectName KeyProbe() => Key(KeyKind.Tenant, Guid.NewGuid(), default, Guid.NewGuid(), Guid.NewGuid());

    public static bool TryId(ReadOnlySpan<char> text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && !text.ContainsAnyInRange('A', 'F');

    private static KeyKind? OwnerKind(string folder) => folder switch
    {
        "r" => KeyKind.Recording,
        "c" => KeyKind.Contact,
        "e" => KeyKind.Evidence,
        "x" => KeyKind.Export,
        _ => null,
    };

    private static string OwnerFolder(KeyKind kind) => kind switch
    {
        KeyKind.Recording => "r",
        KeyKind.Contact => "c",
        KeyKind.Evidence => "e",
        KeyKind.Export => "x",
        _ => throw new InvalidOperationException($"Keys of kind {kind} stand in the database only."),
    };
}
