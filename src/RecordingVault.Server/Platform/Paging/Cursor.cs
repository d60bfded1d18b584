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

    public string Write(string list, Guid tenantId, PagePlace place)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.Time.UtcTicks);
        place.Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(Protector(list, tenantId).Protect(bytes.ToArray()));
    }

    /// <summary>False when the cursor is not one of this list and tenant.</summary>
    public bool TryRead(string list, Guid tenantId, string cursor, out PagePlace place)
    {
        place = default;
        if (cursor.Length > 1024 || !Base64Url.IsValid(cursor))
            return false;
        try
        {
            var bytes = Protector(list, tenantId).Unprotect(Base64Url.DecodeFromChars(cursor));
            if (bytes.Length != 24)
                return false;
            place = new PagePlace(new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes), TimeSpan.Zero), new Guid(bytes.AsSpan(8), bigEndian: true));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private IDataProtector Protector(string list, Guid tenantId) => protection.CreateProtector("recordingvault.v1.cursor", list, tenantId.ToString());
}
