namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>How far a part may reach, as offsets in the upload.</summary>
internal sealed class PartBounds(long? length, long maxLength, long? roomEnd)
{
    private long room = roomEnd ?? long.MaxValue;

    /// <summary>The upload's whole length, where it is known.</summary>
    public long? Length => length;

    /// <summary>How many bytes may still be taken at this place.</summary>
    public long LeftAt(long position) => Math.Min(length ?? maxLength, Volatile.Read(ref room)) - position;

    /// <summary>Whether it is the tenant's room, and not the upload's length, that ends here.</summary>
    public bool IsRoomUsedUpAt(long position) => position >= Volatile.Read(ref room) && position < (length ?? maxLength);

    /// <summary>Other uploads use the same room: it is measured again as bytes arrive.</summary>
    public void MoveRoom(long? end) => Volatile.Write(ref room, end ?? long.MaxValue);
}
