namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>How far a part may reach, as offsets in the upload.</summary>
internal sealed class PartBounds(long? length, long maxLength, RoomClaim claim)
{
    /// <summary>The upload's whole length, where it is known.</summary>
    public long? Length => length;

    private long Longest => length ?? maxLength;

    /// <summary>How many bytes may be taken at this place before the room is measured again.</summary>
    public long LeftAt(long position) => Math.Min(Longest, claim.End) - position;

    /// <summary>Whether it is the tenant's room, and not the upload's length, that ends here.</summary>
    public bool IsRoomUsedUpAt(long position) => position >= claim.End && position < Longest;

    public Task MeasureAsync() => claim.ExtendAsync(Longest);

    /// <summary>What is acknowledged counts in its row from now on.</summary>
    public void Settle(long offset) => claim.Settle(offset);
}
