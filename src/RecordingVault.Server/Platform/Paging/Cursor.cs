using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Paging;

/// <summary>A place in a list that is ordered by time and id: where the next page begins.</summary>
internal readonly record struct PagePlace(DateTimeOffset Time, Guid Id);

/// <summary>One page of a list, as every list of the API answers.</summary>
internal sealed record PageResponse<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>
/// Cursors that only this vault makes and only their tenant can use: the protector's purpose names the list and the tenant,
/// so a cursor that was carried elsewhere is refused like any other garbage.
/// </summary>
internal sealed class Cursors(IDataProtectionProvider protection)
{
    public const int DefaultLimit = 50;
    public const int HighestLimit = 200;

    public static Problem? CheckLimit(int? limit) =>
        limit is < 1 or > HighestLimit ? Problem.Invalid("limit", "a page has 1 to 200 items.") : null;

    /// <summary>The answer to a cursor that is none of the list.</summary>
    public static Problem Wrong() => Problem.Invalid("cursor", "use nextCursor of the page before, as it came, or leave it out.");

    public string Write(string list, Guid tenantId, PagePlace place) => WriteValue(list, tenantId, (place.Time.UtcTicks, place.Id));

    /// <summary>For a list that is ordered by a number and the id.</summary>
    public string WriteValue(string list, Guid tenantId, (long Value, Guid Id) place)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.Value);
        place.Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(Protector(list, tenantId).Protect(bytes.ToArray()));
    }

    /// <summary>False when the cursor is not one of this list and tenant.</summary>
    public bool TryRead(string list, Guid tenantId, string cursor, out PagePlace place)
    {
        var isRead = TryReadValue(list, tenantId, cursor, out var read);
        place = isRead ? new PagePlace(new DateTimeOffset(read.Value, TimeSpan.Zero), read.Id) : default;
        return isRead;
    }

    public bool TryReadValue(string list, Guid tenantId, string cursor, out (long Value, Guid Id) place)
    {
        place = default;
        if (cursor.Length > 1024 || !Base64Url.IsValid(cursor))
            return false;
        try
        {
            var bytes = Protector(list, tenantId).Unprotect(Base64Url.DecodeFromChars(cursor));
            if (bytes.Length != 24)
                return false;
            place = (BinaryPrimitives.ReadInt64BigEndian(bytes), new Guid(bytes.AsSpan(8), bigEndian: true));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private IDataProtector Protector(string list, Guid tenantId) => protection.CreateProtector("recordingvault.v1.cursor", list, tenantId.ToString());
}
